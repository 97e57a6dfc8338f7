// expect: lock-order-inversion
// Two threads take a, b and stand for the third, which does so too, also when a
// thread that took no lock is joined. Once the two are joined, the third's next
// a, b counts: it is the one that meets the main thread's b, a.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static sem_t begin[3], done;

static void *worker(void *begins) {
  for (int i = 0; i < 2; ++i) {
    await(begins);
    lock2(&a, &b);
    signal_to(&done);
  }
  await(begins);
  return 0;
}

static void *idle(void *unused) { return unused; }

static void step_of(int thread) {
  signal_to(&begin[thread]);
  await(&done);
}

int main(void) {
  sem_init(&done, 0, 0);
  pthread_t threads[3], other;
  for (int i = 0; i < 3; ++i) {
    sem_init(&begin[i], 0, 0);
    MUST(pthread_create(&threads[i], 0, worker, &begin[i]));
  }
  for (int i = 0; i < 3; ++i)
    step_of(i);
  MUST(pthread_create(&other, 0, idle, 0));
  MUST(pthread_join(other, 0));
  for (int i = 0; i < 2; ++i) {
    step_of(i);
    signal_to(&begin[i]);
    MUST(pthread_join(threads[i], 0));
  }
  step_of(2);
  lock2(&b, &a);
  signal_to(&begin[2]);
  MUST(pthread_join(threads[2], 0));
}

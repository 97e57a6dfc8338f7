// expect: lock-order-inversion
// The main thread takes b, a while only the first worker exists. Two later
// workers take a, b: both come after the main thread's. The first worker's own
// a, b is the one that meets it.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static sem_t begin, done, end;

static void *worker(void *unused) {
  await(&begin);
  lock2(&a, &b);
  signal_to(&done);
  await(&end);
  return unused;
}
static void *later(void *unused) {
  lock2(&a, &b);
  signal_to(&done);
  await(&end);
  return unused;
}

int main(void) {
  sem_init(&begin, 0, 0);
  sem_init(&done, 0, 0);
  sem_init(&end, 0, 0);
  pthread_t threads[3];
  MUST(pthread_create(&threads[0], 0, worker, 0));
  lock2(&b, &a);
  for (int i = 1; i < 3; ++i) {
    MUST(pthread_create(&threads[i], 0, later, 0));
    await(&done);
  }
  signal_to(&begin);
  await(&done);
  for (int i = 0; i < 3; ++i)
    signal_to(&end);
  for (int i = 0; i < 3; ++i)
    MUST(pthread_join(threads[i], 0));
}

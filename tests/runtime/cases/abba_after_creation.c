// expect: lock-order-inversion
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static sem_t done, end;
static void *worker(void *unused) {
  lock2(&b, &a);
  signal_to(&done);
  await(&end);
  return unused;
}

int main(void) {
  sem_init(&done, 0, 0);
  sem_init(&end, 0, 0);
  pthread_t thread;
  MUST(pthread_create(&thread, 0, worker, 0));
  await(&done);
  lock2(&a, &b);
  signal_to(&end);
  MUST(pthread_join(thread, 0));
}

// expect: lock-order-inversion
// A detached thread has ended, but nothing says that it must have.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static sem_t done;
static void *worker(void *unused) {
  lock2(&b, &a);
  signal_to(&done);
  return unused;
}

int main(void) {
  sem_init(&done, 0, 0);
  pthread_t thread;
  MUST(pthread_create(&thread, 0, worker, 0));
  MUST(pthread_detach(thread));
  await(&done);
  lock2(&a, &b);
}

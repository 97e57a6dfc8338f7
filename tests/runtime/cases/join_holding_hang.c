// expect: join-holding-lock
// options: halt_on_error=1
// match: holds mutex .a. .*waits for the end of thread T2
#include "sleeping.h"
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;

static void *worker(void *unused) {
  while (!sleeps_on(getpid(), 0)) // until `main` waits for this thread
    sched_yield();
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_mutex_lock(&a);
  MUST(pthread_create(&thread, 0, worker, 0));
  MUST(pthread_join(thread, 0));
  pthread_mutex_unlock(&a);
}

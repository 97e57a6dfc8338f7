// expect: lock-order-inversion, deadlock
// status: 7
// The inversion is told first; then the watchdog says that it happened. A signal
// handler ends the program.
#include "support.h"
#include <signal.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;

static void *first(void *unused) {
  pthread_mutex_lock(&a);
  pthread_barrier_wait(&both);
  pthread_mutex_lock(&b);
  return unused;
}
static void *second(void *unused) {
  pthread_mutex_lock(&b);
  pthread_barrier_wait(&both);
  pthread_mutex_lock(&a);
  return unused;
}
static void leave_now(int unused) {
  (void)unused;
  _exit(7);
}

int main(void) {
  signal(SIGALRM, leave_now);
  pthread_barrier_init(&both, 0, 2);
  pthread_t threads[2];
  MUST(pthread_create(&threads[0], 0, first, 0));
  MUST(pthread_create(&threads[1], 0, second, 0));
  alarm(2);
  MUST(pthread_join(threads[0], 0));
}

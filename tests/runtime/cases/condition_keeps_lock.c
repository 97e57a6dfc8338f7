// expect: wait-holding-lock
// match: keeps mutex .gate
// The waiter keeps gate, and the only signaller needs gate. The wait is ended by
// cancellation, so that the case ends.
#include "support.h"

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER, m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static sem_t waits;

static void signaller(void) {
  pthread_mutex_lock(&gate);
  pthread_mutex_lock(&m);
  pthread_cond_signal(&c);
  pthread_mutex_unlock(&m);
  pthread_mutex_unlock(&gate);
}

static void unlock_both(void *unused) {
  (void)unused;
  pthread_mutex_unlock(&m);
  pthread_mutex_unlock(&gate);
}
static void *waiter(void *unused) {
  pthread_mutex_lock(&gate);
  pthread_mutex_lock(&m);
  pthread_cleanup_push(unlock_both, 0);
  signal_to(&waits);
  while (1)
    pthread_cond_wait(&c, &m);
  pthread_cleanup_pop(1);
  return unused;
}
static void wait_and_cancel(void) {
  pthread_t thread;
  MUST(pthread_create(&thread, 0, waiter, 0));
  await(&waits);
  pthread_mutex_lock(&m); // it waits by now
  pthread_mutex_unlock(&m);
  pthread_cancel(thread);
  MUST(pthread_join(thread, 0));
}

int main(void) {
  sem_init(&waits, 0, 0);
  IN_TURN(signaller, wait_and_cancel);
}

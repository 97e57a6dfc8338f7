// expect: none
// Cancellation in the wait: the clean-up handler unlocks.
#include "support.h"

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static sem_t waits;

static void unlock(void *mutex) { pthread_mutex_unlock((pthread_mutex_t *)mutex); }
static void *waiter(void *unused) {
  pthread_mutex_lock(&m);
  pthread_cleanup_push(unlock, &m);
  signal_to(&waits);
  while (1)
    pthread_cond_wait(&c, &m);
  pthread_cleanup_pop(1);
  return unused;
}

int main(void) {
  sem_init(&waits, 0, 0);
  pthread_t thread;
  MUST(pthread_create(&thread, 0, waiter, 0));
  await(&waits);
  pthread_mutex_lock(&m); // it waits by now
  pthread_cancel(thread);
  pthread_mutex_unlock(&m);
  MUST(pthread_join(thread, 0));
  MUST(pthread_mutex_lock(&m));
  MUST(pthread_mutex_unlock(&m));
}

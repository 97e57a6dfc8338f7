// expect: none
// The waiter keeps a lock that no signaller needs.
#include "support.h"

static pthread_mutex_t own = PTHREAD_MUTEX_INITIALIZER, m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int ready;
static sem_t waits;

static void *waiter(void *unused) {
  pthread_mutex_lock(&own);
  pthread_mutex_lock(&m);
  signal_to(&waits);
  while (!ready)
    pthread_cond_wait(&c, &m);
  pthread_mutex_unlock(&m);
  pthread_mutex_unlock(&own);
  return unused;
}

int main(void) {
  sem_init(&waits, 0, 0);
  pthread_t thread;
  MUST(pthread_create(&thread, 0, waiter, 0));
  await(&waits);
  pthread_mutex_lock(&m);
  ready = 1;
  pthread_cond_signal(&c);
  pthread_mutex_unlock(&m);
  MUST(pthread_join(thread, 0));
}

// Whatever the wait in the loop returns, and whatever the flag is then, the same comes
// next.
#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static atomic_flag busy = ATOMIC_FLAG_INIT;
static int ready, seen;

void await_ready(void) {
  pthread_mutex_lock(&mutex);
  while (!ready) {
    if (seen) {
    }
    if (pthread_cond_wait(&changed, &mutex)) {
    }
    if (seen) {
    }
  }
  pthread_mutex_unlock(&mutex);
  if (atomic_flag_test_and_set(&busy)) {
  }
}

void make_ready(void) {
  pthread_mutex_lock(&mutex);
  seen = 1;
  ready = 1;
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&mutex);
}

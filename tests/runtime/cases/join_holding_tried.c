// expect: unlock-by-non-owner
// The joined thread only tries the locks that the joiner holds, waits for one of them for
// a while, and releases one that is not its own: it never needed any of them.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t c = PTHREAD_RWLOCK_INITIALIZER;
static sem_t done;

static void *worker(void *unused) {
  struct timespec now = {0, 0};
  if (pthread_mutex_trylock(&a) == 0 || pthread_rwlock_tryrdlock(&c) == 0 || pthread_mutex_timedlock(&a, &now) == 0)
    abort();
  pthread_mutex_unlock(&b);
  signal_to(&done);
  return unused;
}

int main(void) {
  sem_init(&done, 0, 0);
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  pthread_rwlock_wrlock(&c);
  pthread_t thread;
  MUST(pthread_create(&thread, 0, worker, 0));
  await(&done);
  MUST(pthread_join(thread, 0));
  pthread_rwlock_unlock(&c);
  pthread_mutex_unlock(&a);
}

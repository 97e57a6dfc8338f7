// expect: none
// The joined thread never needs the lock that is held.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void *worker(void *unused) {
  pthread_mutex_lock(&b);
  pthread_mutex_unlock(&b);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_mutex_lock(&a);
  MUST(pthread_create(&thread, 0, worker, 0));
  MUST(pthread_join(thread, 0));
  pthread_mutex_unlock(&a);
}

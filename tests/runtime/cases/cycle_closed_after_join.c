// expect: none
// The thread that made the first edge had ended, and was joined, before the one
// that closes the cycle began.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER, c = PTHREAD_MUTEX_INITIALIZER;

static void *first(void *unused) {
  lock2(&a, &b);
  lock2(&b, &c);
  return unused;
}
static void *second(void *unused) {
  lock2(&c, &a);
  return unused;
}

int main(void) {
  pthread_t thread;
  MUST(pthread_create(&thread, 0, first, 0));
  pthread_join(thread, 0);
  MUST(pthread_create(&thread, 0, second, 0));
  pthread_join(thread, 0);
}

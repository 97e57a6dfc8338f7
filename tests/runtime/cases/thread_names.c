// expect: lock-order-inversion
// match: thread T2 .worker one.*thread T3 .worker two
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
  pthread_setname_np(pthread_self(), "worker one");
  lock2(&a, &b);
}
static void second(void) {
  pthread_setname_np(pthread_self(), "worker two");
  lock2(&b, &a);
}

int main(void) { IN_TURN(first, second); }

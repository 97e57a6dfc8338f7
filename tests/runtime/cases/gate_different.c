// expect: lock-order-inversion
// Each has a gate, but not the same one.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
  pthread_mutex_lock(&one);
  lock2(&a, &b);
  pthread_mutex_unlock(&one);
}
static void second(void) {
  pthread_mutex_lock(&other);
  lock2(&b, &a);
  pthread_mutex_unlock(&other);
}

int main(void) { IN_TURN(first, second); }

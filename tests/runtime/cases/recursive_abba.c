// expect: lock-order-inversion
// match: recursive mutex .r.
#include "support.h"

static pthread_mutex_t r = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
  pthread_mutex_lock(&r);
  pthread_mutex_lock(&r);
  pthread_mutex_unlock(&r);
  pthread_mutex_lock(&b); // r is still held once
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&r);
}
static void second(void) { lock2(&b, &r); }

int main(void) { IN_TURN(first, second); }

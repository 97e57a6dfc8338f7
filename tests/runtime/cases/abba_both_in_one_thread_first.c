// expect: lock-order-inversion
// One thread takes both orders, which is harmless; another then takes one.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void both(void) {
  lock2(&a, &b);
  lock2(&b, &a);
}
static void second(void) { lock2(&b, &a); }

int main(void) { IN_TURN(both, second); }

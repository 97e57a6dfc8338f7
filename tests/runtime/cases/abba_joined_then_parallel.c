// expect: lock-order-inversion
// The edges are known from threads that were joined; the parallel pair must
// still be seen.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { lock2(&a, &b); }
static void second(void) { lock2(&b, &a); }

int main(void) {
  ONE_BY_ONE(first, second);
  IN_TURN(first, second);
}

// expect: lock-order-inversion
// Two threads take a, b at the same time and are joined. A third one does it
// again, while a fourth takes b, a: the first two do not stand for the third.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { lock2(&a, &b); }
static void second(void) { lock2(&b, &a); }

int main(void) {
  IN_TURN(first, first);
  IN_TURN(first, second);
}

// expect: none
// Two of the edges are one thread's: it cannot be in two places.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER, c = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
  lock2(&a, &b);
  lock2(&b, &c);
}
static void second(void) { lock2(&c, &a); }

int main(void) { IN_TURN(first, second); }

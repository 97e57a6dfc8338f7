// expect: lock-order-inversion
// One thread holds a while it takes c, over b: that is a cycle of two.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER, c = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
  pthread_mutex_lock(&a);
  lock2(&b, &c);
  pthread_mutex_unlock(&a);
}
static void second(void) { lock2(&c, &a); }

int main(void) { IN_TURN(first, second); }

// expect: lock-order-inversion
// The gated contexts of the edges are known when the ungated ones come.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void gated_first(void) {
  pthread_mutex_lock(&gate);
  lock2(&a, &b);
  pthread_mutex_unlock(&gate);
}
static void gated_second(void) {
  pthread_mutex_lock(&gate);
  lock2(&b, &a);
  pthread_mutex_unlock(&gate);
}
static void first(void) {
  gated_first();
  lock2(&a, &b);
}
static void second(void) {
  gated_second();
  lock2(&b, &a);
}

int main(void) { IN_TURN(first, second); }

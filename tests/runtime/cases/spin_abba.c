// expect: lock-order-inversion
#include "support.h"

static pthread_spinlock_t a, b;

static void nest(pthread_spinlock_t *outer, pthread_spinlock_t *inner) {
  pthread_spin_lock(outer);
  pthread_spin_lock(inner);
  pthread_spin_unlock(inner);
  pthread_spin_unlock(outer);
}
static void first(void) { nest(&a, &b); }
static void second(void) { nest(&b, &a); }

int main(void) {
  pthread_spin_init(&a, PTHREAD_PROCESS_PRIVATE);
  pthread_spin_init(&b, PTHREAD_PROCESS_PRIVATE);
  IN_TURN(first, second);
}

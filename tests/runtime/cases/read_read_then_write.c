// expect: lock-order-inversion
// The edges are known for reading when the writers come.
#include "support.h"

static pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER, b = PTHREAD_RWLOCK_INITIALIZER;

static void nest(pthread_rwlock_t *outer, pthread_rwlock_t *inner, int write) {
  pthread_rwlock_rdlock(outer);
  if (write)
    pthread_rwlock_wrlock(inner);
  else
    pthread_rwlock_rdlock(inner);
  pthread_rwlock_unlock(inner);
  pthread_rwlock_unlock(outer);
}
static void first(void) {
  nest(&a, &b, 0);
  nest(&a, &b, 1);
}
static void second(void) {
  nest(&b, &a, 0);
  nest(&b, &a, 1);
}

int main(void) { IN_TURN(first, second); }

// expect: lock-order-inversion
// A gate that both hold for reading keeps nobody out.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t gate = PTHREAD_RWLOCK_INITIALIZER;

static void first(void) {
  pthread_rwlock_rdlock(&gate);
  lock2(&a, &b);
  pthread_rwlock_unlock(&gate);
}
static void second(void) {
  pthread_rwlock_rdlock(&gate);
  lock2(&b, &a);
  pthread_rwlock_unlock(&gate);
}

int main(void) { IN_TURN(first, second); }

// expect: lock-order-inversion
// What was taken by trying is held like any other lock.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
  if (pthread_mutex_trylock(&a) != 0)
    abort();
  pthread_mutex_lock(&b);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
}
static void second(void) { lock2(&b, &a); }

int main(void) { IN_TURN(first, second); }

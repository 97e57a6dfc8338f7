// expect: lock-order-inversion
// match: .GIL.
// A mutex and an interpreter's lock.
#include "support.h"
#include <gridlock/annotate.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;

static void take_gil(void) {
  GRIDLOCK_BEFORE_GIL();
  GRIDLOCK_GIL_TAKEN();
}
static void first(void) {
  take_gil();
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
  GRIDLOCK_GIL_RELEASED();
}
static void second(void) {
  pthread_mutex_lock(&m);
  take_gil();
  GRIDLOCK_GIL_RELEASED();
  pthread_mutex_unlock(&m);
}

int main(void) { IN_TURN(first, second); }

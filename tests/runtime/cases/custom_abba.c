// expect: lock-order-inversion
// match: lock .first lock. .*lock .second lock.
// Home-made spin locks, shown to the run time by annotations.
#include "support.h"
#include <gridlock/annotate.h>
#include <stdatomic.h>

static atomic_flag a = ATOMIC_FLAG_INIT, b = ATOMIC_FLAG_INIT;

static void take(atomic_flag *lock) {
  GRIDLOCK_BEFORE_ACQUIRE((void *)lock, GRIDLOCK_EXCLUSIVE);
  while (atomic_flag_test_and_set(lock)) {
  }
  GRIDLOCK_ACQUIRED((void *)lock, GRIDLOCK_EXCLUSIVE);
}
static void drop(atomic_flag *lock) {
  GRIDLOCK_RELEASED((void *)lock);
  atomic_flag_clear(lock);
}
static void nest(atomic_flag *outer, atomic_flag *inner) {
  take(outer);
  take(inner);
  drop(inner);
  drop(outer);
}
static void first(void) { nest(&a, &b); }
static void second(void) { nest(&b, &a); }

int main(void) {
  GRIDLOCK_SET_NAME((void *)&a, "first lock");
  GRIDLOCK_SET_NAME((void *)&b, "second lock");
  IN_TURN(first, second);
}

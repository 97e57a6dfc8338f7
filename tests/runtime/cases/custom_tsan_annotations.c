// expect: lock-order-inversion
#define GRIDLOCK_REPLACE_TSAN_ANNOTATIONS
#include <gridlock/annotate.h>

#include "support.h"

static int a, b;

static void nest(int *outer, int *inner, int is_try) {
  __tsan_mutex_pre_lock(outer, 0);
  __tsan_mutex_post_lock(outer, 0, 0);
  __tsan_mutex_pre_lock(inner, is_try ? gridlock_tsan_try_lock : 0);
  __tsan_mutex_post_lock(inner, is_try ? gridlock_tsan_try_lock : 0, 0);
  __tsan_mutex_pre_unlock(inner, 0);
  __tsan_mutex_post_unlock(inner, 0);
  __tsan_mutex_pre_unlock(outer, 0);
  __tsan_mutex_post_unlock(outer, 0);
}
static void first(void) { nest(&a, &b, 0); }
static void tries(void) { nest(&b, &a, 1); }
static void second(void) { nest(&b, &a, 0); }

int main(void) {
  IN_TURN(first, tries);
  if (gridlock_report_count() != 0)
    return 1;
  IN_TURN(first, second);
}

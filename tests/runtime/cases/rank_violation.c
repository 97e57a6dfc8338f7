// expect: lock-rank-violation
// match: of rank 1 here.* of rank 2, taken here
// One thread and one wrong path are enough.
#include "support.h"
#include <gridlock/annotate.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

int main(void) {
  GRIDLOCK_SET_RANK(&a, 1);
  GRIDLOCK_SET_RANK(&b, 2);
  lock2(&a, &b);
  lock2(&b, &a);
}

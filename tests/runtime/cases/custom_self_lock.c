// expect: self-lock
#include "support.h"
#include <gridlock/annotate.h>

static int lock;

int main(void) {
  GRIDLOCK_BEFORE_ACQUIRE(&lock, GRIDLOCK_EXCLUSIVE);
  GRIDLOCK_ACQUIRED(&lock, GRIDLOCK_EXCLUSIVE);
  GRIDLOCK_BEFORE_ACQUIRE(&lock, GRIDLOCK_EXCLUSIVE); // would hang
}

// expect: lock-order-inversion
// A lock taken through acquire and one taken plainly: acquire cannot see the
// plain one, the run time sees both.
#include "support.h"
#include <gridlock/acquire.h>

static std::mutex a, b;

static void first() {
  std::lock_guard<std::mutex> outer(a);
  auto inner = gridlock::acquire(b);
}
static void second() {
  auto outer = gridlock::acquire(b);
  std::lock_guard<std::mutex> inner(a);
}

int main() { IN_TURN(first, second); }

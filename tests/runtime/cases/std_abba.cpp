// expect: lock-order-inversion
// match: first.*second
#include "support.h"
#include <mutex>

static std::mutex a, b;

static void first() {
  std::lock_guard<std::mutex> outer(a);
  std::lock_guard<std::mutex> inner(b);
}
static void second() {
  std::lock_guard<std::mutex> outer(b);
  std::lock_guard<std::mutex> inner(a);
}

int main() { IN_TURN(first, second); }

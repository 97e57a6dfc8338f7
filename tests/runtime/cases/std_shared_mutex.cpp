// expect: lock-order-inversion
#include "support.h"
#include <mutex>
#include <shared_mutex>

static std::shared_mutex a, b;

static void first() {
  std::shared_lock<std::shared_mutex> outer(a);
  std::unique_lock<std::shared_mutex> inner(b);
}
static void second() {
  std::shared_lock<std::shared_mutex> outer(b);
  std::unique_lock<std::shared_mutex> inner(a);
}

int main() { IN_TURN(first, second); }

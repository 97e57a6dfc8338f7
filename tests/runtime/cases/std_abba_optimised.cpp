// expect: lock-order-inversion
// flags: -O2
// match: take_first.*take_second
#include "support.h"
#include <mutex>

static std::mutex a, b;

extern "C" __attribute__((noinline)) void take_first() {
  std::lock_guard<std::mutex> outer(a);
  std::lock_guard<std::mutex> inner(b);
}
extern "C" __attribute__((noinline)) void take_second() {
  std::lock_guard<std::mutex> outer(b);
  std::lock_guard<std::mutex> inner(a);
}

int main() { IN_TURN(take_first, take_second); }

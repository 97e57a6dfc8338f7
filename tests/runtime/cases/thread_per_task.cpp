// expect: lock-order-inversion
// Thousands of joined threads in one order, then two at once in both.
#include "support.h"
#include <mutex>
#include <thread>

static std::mutex a, b;

static void up() {
  std::lock_guard<std::mutex> outer(a);
  std::lock_guard<std::mutex> inner(b);
}
static void down() {
  std::lock_guard<std::mutex> outer(b);
  std::lock_guard<std::mutex> inner(a);
}

int main() {
  for (int i = 0; i < 3000; ++i)
    std::thread(i % 2 ? up : down).join();
  IN_TURN(up, down);
}

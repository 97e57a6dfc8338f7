// expect: none
#include "support.h"
#include <chrono>
#include <mutex>

static std::timed_mutex a, b;

static void first() {
  std::unique_lock<std::timed_mutex> outer(a);
  std::unique_lock<std::timed_mutex> inner(b, std::chrono::seconds(60));
}
static void second() {
  std::unique_lock<std::timed_mutex> outer(b);
  std::unique_lock<std::timed_mutex> inner(a, std::chrono::seconds(60));
}

int main() { IN_TURN(first, second); }

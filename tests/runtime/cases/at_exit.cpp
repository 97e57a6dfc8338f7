// expect: lock-order-inversion
// In destructors of static objects, after main.
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
struct Late {
  ~Late() { IN_TURN(first, second); }
} late;

int main() {}

// expect: none
// flags: -O0 -DGRIDLOCK_CHECKED=1
#include "support.h"
#include <gridlock/mutex.h>
#include <mutex>
#include <shared_mutex>

static gridlock::checked<std::mutex, 1> a{"a"};
static gridlock::checked<std::shared_mutex, 2> b{"b"};

static void both() {
  std::lock_guard<std::mutex> outer(a);
  std::shared_lock<std::shared_mutex> inner(b);
}

int main() { IN_TURN(both, both); }

// expect: lock-order-inversion
// flags: -O0 -DGRIDLOCK_CHECKED=1
// match: mutex .accounts. .*mutex .journal.
#include "support.h"
#include <gridlock/mutex.h>
#include <mutex>

static gridlock::checked<std::mutex> a{"accounts"}, b{"journal"};

static void first() {
  std::lock_guard outer(a);
  std::lock_guard inner(b);
}
static void second() {
  std::lock_guard outer(b);
  std::lock_guard inner(a);
}

int main() { IN_TURN(first, second); }

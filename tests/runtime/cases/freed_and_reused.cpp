// expect: none
// std::mutex has no constructor and no destructor that anybody sees: the end of
// its memory is its end.
#include "support.h"
#include <mutex>
#include <new>

static std::mutex fixed;
static void *place;

static void first() {
  auto *own = new std::mutex;
  place = own;
  {
    std::lock_guard<std::mutex> outer(*own);
    std::lock_guard<std::mutex> inner(fixed);
  }
  delete own;
}
static void second() {
  // The allocator gives the block back to the same size; if it does not, the
  // case proves nothing, and says so.
  auto *own = new std::mutex;
  if (own != place) {
    own->~mutex();
    own = nullptr;
    for (int i = 0; i < 1000 && own != place; ++i)
      own = new std::mutex;
    if (own != place)
      exit(4);
  }
  std::lock_guard<std::mutex> outer(fixed);
  std::lock_guard<std::mutex> inner(*own);
}
static void both() {
  first();
  second();
}
static void reversed() {
  std::mutex *own = static_cast<std::mutex *>(place);
  std::lock_guard<std::mutex> outer(fixed);
  std::lock_guard<std::mutex> inner(*own);
}

int main() { IN_TURN(both, reversed); }

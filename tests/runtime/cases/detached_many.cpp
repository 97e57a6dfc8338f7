// expect: lock-order-inversion
// Detached threads in one order, then one in the other while none of them runs
// any more: nothing says that they had to be over.
#include "support.h"
#include <atomic>
#include <mutex>
#include <thread>

static std::mutex a, b;
static sem_t done;

static void up() {
  {
    std::lock_guard<std::mutex> outer(a);
    std::lock_guard<std::mutex> inner(b);
  }
  signal_to(&done);
}

int main() {
  sem_init(&done, 0, 0);
  for (int i = 0; i < 200; ++i)
    std::thread(up).detach();
  for (int i = 0; i < 200; ++i)
    await(&done);
  std::lock_guard<std::mutex> outer(b);
  std::lock_guard<std::mutex> inner(a);
}

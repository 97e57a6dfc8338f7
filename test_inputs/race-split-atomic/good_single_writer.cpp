// Each worker counts in an atomic of its own, which only it changes; others read it.
// The stores say that they order nothing.
#include <atomic>
#include <thread>

static std::atomic<long> handled{0};

static void work() {
  for (int i = 0; i < 1000; ++i)
    handled.store(handled.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

int main() {
  std::thread first(work);
  first.join();
  std::thread second(work), reader([] {
    while (handled.load() < 1500)
      ;
  });
  second.join();
  reader.join();
  return 0;
}

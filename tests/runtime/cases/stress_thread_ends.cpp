// expect: none
// Threads end in every way while they own thread-local objects with locks in
// their destructors: return, pthread_exit, an exception caught at the top. At
// the end static objects take locks in their destructors, in the same order.
#include "support.h"
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

static std::mutex registry, log_lock;

struct Registered {
  ~Registered() {
    std::lock_guard<std::mutex> first(registry);
    std::lock_guard<std::mutex> second(log_lock);
  }
};
static Registered first_static;
static thread_local std::unique_ptr<Registered> own;

static void *run(void *argument) {
  own = std::make_unique<Registered>();
  std::mutex here;
  {
    std::lock_guard<std::mutex> outer(here);
    std::lock_guard<std::mutex> inner(registry);
  }
  switch (reinterpret_cast<std::size_t>(argument) % 3) {
  case 0:
    pthread_exit(nullptr);
  case 1:
    try {
      std::lock_guard<std::mutex> outer(registry);
      throw 1;
    } catch (int) {
    }
  }
  return nullptr;
}

int main() {
  static Registered second_static;
  for (std::size_t round = 0; round < 20; ++round) {
    std::vector<pthread_t> threads(10);
    for (std::size_t i = 0; i < threads.size(); ++i)
      MUST(pthread_create(&threads[i], nullptr, run, reinterpret_cast<void *>(i)));
    for (pthread_t thread : threads)
      MUST(pthread_join(thread, nullptr));
  }
}

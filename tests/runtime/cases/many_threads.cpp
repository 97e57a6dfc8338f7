// expect: none
// Real concurrency: many short threads, always one order.
#include <mutex>
#include <thread>
#include <vector>

static std::mutex locks[8];

int main() {
  int total = 0;
  for (int round = 0; round < 20; ++round) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 16; ++t)
      threads.emplace_back([&total, t] {
        for (int i = 0; i < 200; ++i) {
          std::lock_guard<std::mutex> outer(locks[(t + i) % 4]);
          std::lock_guard<std::mutex> inner(locks[4 + i % 3]);
          std::lock_guard<std::mutex> last(locks[7]);
          ++total;
        }
      });
    for (std::thread &thread : threads)
      thread.join();
  }
  return total == 20 * 16 * 200 ? 0 : 1;
}

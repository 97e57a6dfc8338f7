// expect: none
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable ready;
  std::deque<int> queue;
  int sum = 0;
  std::thread consumer([&] {
    for (int i = 0; i < 100; ++i) {
      std::unique_lock<std::mutex> lock(mutex);
      ready.wait(lock, [&] { return !queue.empty(); });
      sum += queue.front();
      queue.pop_front();
    }
  });
  for (int i = 0; i < 100; ++i) {
    std::lock_guard<std::mutex> lock(mutex);
    queue.push_back(i);
    ready.notify_one();
  }
  consumer.join();
  return sum == 4950 ? 0 : 1;
}

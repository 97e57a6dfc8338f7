// The same, right; and a condition that another class of waiters uses.
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false;
  int progress = 0;

  std::thread consumer([&] {
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return ready; });
    ++progress;
  });
  std::thread producer([&] {
    std::unique_lock<std::mutex> lock(mutex);
    ready = true;
    lock.unlock();
    changed.notify_one();
  });
  consumer.join();
  producer.join();
}

// A counter that reaches zero; the last one to finish notifies.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

class TaskGroup {
public:
  void add() { ++pending_; }
  void finish() {
    if (--pending_ == 0) // expect: condvar-lost-wakeup#zero
      idle_.notify_all(); // expect: condvar-lost-wakeup#zero
  }
  void await() {
    std::unique_lock<std::mutex> lock(mutex_);
    idle_.wait(lock, [this] { return isIdle(); });
  }

private:
  bool isIdle() const { return pending_.load() == 0; }
  std::mutex mutex_;
  std::condition_variable idle_;
  std::atomic<int> pending_{0};
};

int main() {
  TaskGroup group;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    group.add();
    threads.emplace_back([&group] { group.finish(); });
  }
  group.await();
  for (auto &thread : threads)
    thread.join();
}

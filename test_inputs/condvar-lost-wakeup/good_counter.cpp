// The counter changes under the lock.
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

class TaskGroup {
public:
  void add() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++pending_;
  }
  void finish() {
    bool last;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      last = --pending_ == 0;
    }
    if (last)
      idle_.notify_all();
  }
  void await() {
    std::unique_lock<std::mutex> lock(mutex_);
    idle_.wait(lock, [this] { return pending_ == 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable idle_;
  int pending_ = 0;
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

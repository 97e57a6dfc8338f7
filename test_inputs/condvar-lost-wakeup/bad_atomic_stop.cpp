// The destructor sets an atomic flag and notifies; the worker may be just
// between its test and its wait.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

class Logger {
public:
  Logger() : worker_([this] { run(); }) {}
  ~Logger() {
    stopping_ = true; // expect: condvar-lost-wakeup#stop
    changed_.notify_one(); // expect: condvar-lost-wakeup#stop
    worker_.join();
  }
  void add(int line) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      lines_.push(line);
    }
    changed_.notify_one();
  }

private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      while (lines_.empty() && !stopping_)
        changed_.wait(lock);
      if (lines_.empty())
        return;
      lines_.pop();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::queue<int> lines_;
  std::atomic<bool> stopping_{false};
  std::thread worker_;
};

int main() {
  Logger logger;
  logger.add(1);
}

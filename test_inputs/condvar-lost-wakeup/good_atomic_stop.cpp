// The flag changes under the lock; the notification may come after it. A
// second class takes the lock once, empty-handed; a third waits with a bound.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

class Locked {
public:
  ~Locked() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    worker_.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return stopping_.load(); });
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> stopping_{false};
  std::thread worker_{[this] { run(); }};
};

class Fenced {
public:
  ~Fenced() {
    stopping_ = true;
    synchronise();
    changed_.notify_one();
    worker_.join();
  }

private:
  void synchronise() { std::lock_guard<std::mutex> lock(mutex_); }
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return stopping_.load(); });
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> stopping_{false};
  std::thread worker_{[this] { run(); }};
};

class Bounded {
public:
  ~Bounded() {
    stopping_ = true;
    changed_.notify_one();
    worker_.join();
  }

private:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stopping_)
      changed_.wait_for(lock, std::chrono::milliseconds(50));
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> stopping_{false};
  std::thread worker_{[this] { run(); }};
};

int main() {
  Locked locked;
  Fenced fenced;
  Bounded bounded;
}

// flush() is called with the cache locked and waits for the writer, which needs
// the cache to finish.
#include <condition_variable>
#include <mutex>
#include <thread>

class Cache {
public:
  void clear() {
    std::lock_guard<std::mutex> lock(cacheMutex_);
    flush(); // expect: condvar-extra-lock-held#flush // allow: lock-blocking-call, lock-order-inversion
    entries_ = 0;
  }
  void writer() {
    {
      std::lock_guard<std::mutex> lock(cacheMutex_);
      written_ += entries_;
    }
    std::lock_guard<std::mutex> lock(stateMutex_);
    dirty_ = false;
    clean_.notify_all();
  }

private:
  void flush() {
    std::unique_lock<std::mutex> lock(stateMutex_);
    clean_.wait(lock, [this] { return !dirty_; }); // expect: condvar-extra-lock-held#flush // allow: lock-blocking-call, lock-order-inversion
  }
  std::mutex cacheMutex_;
  std::mutex stateMutex_;
  std::condition_variable clean_;
  int entries_ = 3;
  int written_ = 0;
  bool dirty_ = true;
};

int main() {
  Cache cache;
  std::thread writer([&] { cache.writer(); });
  cache.clear();
  writer.join();
}

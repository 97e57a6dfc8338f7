// The cache is released first; a lock that only callers of call() take, one
// after the other, is harmless: the thread that answers never needs it.
#include <condition_variable>
#include <mutex>
#include <thread>

class Cache {
public:
  void clear() {
    {
      std::lock_guard<std::mutex> lock(cacheMutex_);
      entries_ = 0;
    }
    flush();
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
    clean_.wait(lock, [this] { return !dirty_; });
  }
  std::mutex cacheMutex_;
  std::mutex stateMutex_;
  std::condition_variable clean_;
  int entries_ = 3;
  int written_ = 0;
  bool dirty_ = true;
};

class Client {
public:
  int call(int question) {
    std::lock_guard<std::mutex> oneAtATime(callMutex_);
    std::unique_lock<std::mutex> lock(mutex_);
    question_ = question;
    changed_.notify_all();
    changed_.wait(lock, [this] { return answer_ != 0; }); // allow: lock-blocking-call
    int result = answer_;
    answer_ = 0;
    return result;
  }
  void serve() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return question_ != 0; });
    answer_ = question_ + 1;
    question_ = 0;
    changed_.notify_all();
  }

private:
  std::mutex callMutex_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int question_ = 0;
  int answer_ = 0;
};

int main() {
  Cache cache;
  Client client;
  std::thread writer([&] { cache.writer(); });
  std::thread server([&] { client.serve(); });
  cache.clear();
  client.call(1);
  writer.join();
  server.join();
}

// A recursive lock that is held twice: the wait gives it back once.
#include <condition_variable>
#include <mutex>
#include <thread>

class Store {
public:
  void replace() {
    std::lock_guard<std::recursive_mutex> lock(mutex_);
    awaitIdle();
  }
  void finish() {
    std::lock_guard<std::recursive_mutex> lock(mutex_);
    busy_ = false;
    changed_.notify_all();
  }
  void replaceNow() {
    mutex_.lock();
    std::unique_lock<std::recursive_mutex> lock(mutex_);
    while (busy_)
      changed_.wait(lock); // expect: condvar-extra-lock-held
    mutex_.unlock();
  }

private:
  void awaitIdle() {
    std::unique_lock<std::recursive_mutex> lock(mutex_);
    while (busy_)
      changed_.wait(lock); // expect: condvar-extra-lock-held
  }
  std::recursive_mutex mutex_;
  std::condition_variable_any changed_;
  bool busy_ = true;
};

int main() {
  Store store;
  std::thread thread([&] { store.finish(); });
  store.replaceNow();
  thread.join();
}

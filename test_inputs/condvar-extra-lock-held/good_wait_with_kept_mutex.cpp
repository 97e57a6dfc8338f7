// The wait ends before the other lock is taken; the class keeps a pointer to the mutex
// that its owner gave it.
#include <condition_variable>
#include <mutex>
#include <thread>

class Condition {
public:
  explicit Condition(std::mutex *mutex) : mutex(mutex) {}
  void wait() {
    std::unique_lock<std::mutex> lock(*mutex, std::adopt_lock);
    condition.wait(lock);
    lock.release();
  }
  void wakeAll() { condition.notify_all(); }

private:
  std::mutex *mutex;
  std::condition_variable condition;
};

class Store {
public:
  Store() : idle(&mutex), worker(&Store::work, this) {}
  ~Store() { worker.join(); }

  void setOptions(int value) {
    {
      std::lock_guard<std::mutex> lock(mutex);
      while (running > 0)
        idle.wait();
    }
    std::lock_guard<std::mutex> all(optionsMutex);
    options = value;
  }

private:
  void work() {
    for (int round = 0; round < 10; ++round) {
      {
        std::lock_guard<std::mutex> lock(mutex);
        ++running;
      }
      {
        std::lock_guard<std::mutex> all(optionsMutex);
        written += options;
      }
      std::lock_guard<std::mutex> lock(mutex);
      --running;
      idle.wakeAll();
    }
  }

  std::mutex optionsMutex, mutex;
  Condition idle;
  int running = 0, options = 0, written = 0;
  std::thread worker;
};

int main() {
  Store store;
  store.setOptions(3);
}

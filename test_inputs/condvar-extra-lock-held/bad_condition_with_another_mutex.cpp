// The wait releases the mutex of the queue; the registry's stays locked.
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

class Queue {
public:
  int pop() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (items_.empty())
      filled_.wait(lock); // expect: condvar-extra-lock-held
    int item = items_.front();
    items_.pop();
    return item;
  }
  void push(int item) {
    std::lock_guard<std::mutex> lock(mutex_);
    items_.push(item);
    filled_.notify_one();
  }

private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::queue<int> items_;
};

class Registry {
public:
  void drain() {
    std::lock_guard<std::mutex> lock(registryMutex_);
    last_ = queue_.pop();
  }
  int last() {
    std::lock_guard<std::mutex> lock(registryMutex_);
    return last_;
  }
  void add(int item) { queue_.push(item); }

private:
  std::mutex registryMutex_;
  int last_ = 0;
  Queue queue_;
};

int main() {
  Registry registry;
  std::thread drainer([&] { registry.drain(); });
  registry.add(1);
  registry.last();
  drainer.join();
}

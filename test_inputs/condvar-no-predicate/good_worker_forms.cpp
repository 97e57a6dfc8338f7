// Workers that are right: `while`, a test after the wait, a loop that drains
// what there is, and a wait in the other branch of the test.
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

struct Queue {
  std::mutex mutex;
  std::condition_variable filled;
  std::queue<int> items;
  bool stop = false;

  void put(int item) {
    std::lock_guard<std::mutex> lock(mutex);
    items.push(item);
    filled.notify_one();
  }
  int take() {
    std::unique_lock<std::mutex> lock(mutex);
    while (items.empty())
      filled.wait(lock);
    int item = items.front();
    items.pop();
    return item;
  }
  void testAfterwards() {
    while (true) {
      std::unique_lock<std::mutex> lock(mutex);
      if (items.empty())
        filled.wait(lock);
      if (stop)
        return;
      if (items.empty())
        continue;
      items.pop();
    }
  }
  void drain() {
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex);
      filled.wait(lock);
      while (!items.empty())
        items.pop();
      if (stop)
        break;
    }
  }
  void otherBranch() {
    std::unique_lock<std::mutex> lock(mutex);
    while (!stop) {
      if (!items.empty()) {
        items.pop();
      } else {
        filled.wait(lock);
      }
    }
  }
};

int main() {
  Queue queue;
  std::thread a([&] { queue.testAfterwards(); }), b([&] { queue.drain(); }), c([&] { queue.otherBranch(); });
  queue.put(1);
  queue.take();
  {
    std::lock_guard<std::mutex> lock(queue.mutex);
    queue.stop = true;
  }
  queue.filled.notify_all();
  a.join();
  b.join();
  c.join();
}

// Waiting with the one lock that the wait releases; bounded waits under
// another lock are short.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <poll.h>
#include <queue>

class Queue {
public:
  int take() {
    std::unique_lock<std::mutex> lock(Mutex);
    Filled.wait(lock, [this] { return !Items.empty(); });
    int item = Items.front();
    Items.pop();
    return item;
  }
  void put(int item) {
    std::lock_guard<std::mutex> lock(Mutex);
    Items.push(item);
    Filled.notify_one();
  }
  bool ready(int descriptor) {
    std::lock_guard<std::mutex> lock(Mutex);
    pollfd wanted{descriptor, POLLIN, 0};
    return poll(&wanted, 1, 10) > 0 || poll(&wanted, 1, 0) > 0;
  }

private:
  std::mutex Mutex;
  std::condition_variable Filled;
  std::queue<int> Items;
};

int main() {
  Queue queue;
  queue.put(4);
  return queue.take() + queue.ready(0);
}

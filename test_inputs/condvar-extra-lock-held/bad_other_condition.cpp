// Waiting on a queue's condition variable while the owner's own lock stays
// held: the wait releases the queue's lock only.
#include <condition_variable>
#include <mutex>
#include <queue>

class Queue {
public:
  int take() {
    std::unique_lock<std::mutex> lock(Mutex);
    while (Items.empty())
      Filled.wait(lock); // expect: condvar-extra-lock-held#take
    int item = Items.front();
    Items.pop();
    return item;
  }
  void put(int item) {
    std::lock_guard<std::mutex> lock(Mutex);
    Items.push(item);
    Filled.notify_one();
  }

private:
  std::mutex Mutex;
  std::condition_variable Filled;
  std::queue<int> Items;
};

class Consumer {
public:
  explicit Consumer(Queue &queue) : Source(queue) {}
  void step() {
    std::lock_guard<std::mutex> lock(Mutex);
    Sum += Source.take(); // expect: condvar-extra-lock-held#take
  }
  int sum() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Sum;
  }

private:
  Queue &Source;
  std::mutex Mutex;
  int Sum = 0;
};

int main() {
  Queue queue;
  Consumer consumer(queue);
  queue.put(4);
  consumer.step();
  return consumer.sum();
}

// As in good_own_semaphore.cpp, but one semaphore lets two threads in, and a queue that
// counts its entries is taken for no semaphore.
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

class Semaphore {
public:
  explicit Semaphore(int count) : Count(count) {}
  void acquire() {
    std::unique_lock<std::mutex> guard(Mutex);
    while (Count == 0)
      Changed.wait(guard);
    --Count;
  }
  void release() {
    std::lock_guard<std::mutex> guard(Mutex);
    ++Count;
    Changed.notify_one();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  int Count;
};

class Queue {
public:
  void push(int value) {
    std::lock_guard<std::mutex> guard(Mutex);
    Entries.push_back(value);
    ++Count;
    Changed.notify_one();
  }
  int pop() {
    std::unique_lock<std::mutex> guard(Mutex);
    Changed.wait(guard, [&] { return Count != 0; });
    --Count;
    int value = Entries.back();
    Entries.pop_back();
    return value;
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  std::vector<int> Entries;
  int Count = 0;
};

Semaphore two(2), one(1);
Queue queue;
int connections, requests, popped;

void serve() {
  two.acquire();
  ++connections; // expect: race-unlocked-mutation
  two.release();
  one.acquire();
  ++requests;
  one.release();
  queue.push(1);
  popped += queue.pop(); // expect: race-unlocked-mutation
  queue.push(2);
}

int main() {
  std::thread first(serve), second(serve), third(serve);
  first.join();
  second.join();
  third.join();
  return requests;
}

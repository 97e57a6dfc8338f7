// A recursive mutex that the caller has taken, too: the wait gives back one of two.
#include <condition_variable>
#include <mutex>
#include <thread>

class Box {
public:
  void consume() {
    std::unique_lock<std::recursive_mutex> lock(Mutex);
    awaitFull();
    Full = false;
  }
  void fill() {
    std::lock_guard<std::recursive_mutex> guard(Mutex);
    Full = true;
    Changed.notify_one();
  }

private:
  void awaitFull() {
    std::unique_lock<std::recursive_mutex> lock(Mutex);
    while (!Full)
      Changed.wait(lock); // expect: condvar-extra-lock-held
  }

  std::recursive_mutex Mutex;
  std::condition_variable_any Changed;
  bool Full = false;
};

int main() {
  Box box;
  std::jthread thread([&] { box.consume(); });
  box.fill();
}

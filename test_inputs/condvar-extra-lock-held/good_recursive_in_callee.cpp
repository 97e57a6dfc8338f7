// A recursive mutex that the caller has given back, or hands over with its own lock object.
#include <condition_variable>
#include <mutex>
#include <thread>

class Box {
public:
  void consume() {
    {
      std::unique_lock<std::recursive_mutex> lock(Mutex);
      Wanted = true;
    }
    awaitFull();
    std::unique_lock<std::recursive_mutex> lock(Mutex);
    await(lock);
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
      Changed.wait(lock);
  }
  void await(std::unique_lock<std::recursive_mutex> &lock) {
    while (!Full)
      Changed.wait(lock);
  }

  std::recursive_mutex Mutex;
  std::condition_variable_any Changed;
  bool Full = false, Wanted = false;
};

int main() {
  Box box;
  std::jthread thread([&] { box.consume(); });
  box.fill();
}

// A detached thread uses a mutex on this function's stack, which is gone when
// the function returns.
#include <mutex>
#include <thread>

int compute() {
  std::mutex mutex; // expect: lock-destroyed-in-use#local
  int result = 0;
  std::thread worker([&] {                   // allow: thread-escaping-reference
    std::lock_guard<std::mutex> lock(mutex); // expect: lock-destroyed-in-use#local
    result = 42;
  });
  worker.detach(); // expect: lock-destroyed-in-use#local // allow: thread-escaping-reference
  std::lock_guard<std::mutex> lock(mutex);
  return result;
} // expect: lock-destroyed-in-use#local

int main() { return compute() > 42; }

// A coroutine lambda whose unique_lock comes from an accessor.
#include <coroutine>
#include <exception>
#include <mutex>

struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

class Store {
public:
  std::unique_lock<std::mutex> hold() { return std::unique_lock<std::mutex>(Mutex); }
  int Value = 0;

private:
  std::mutex Mutex;
};

int main() {
  Store store;
  auto update = [&store](int value) -> Task {
    auto lock = store.hold();
    store.Value = value;
    co_await std::suspend_always{}; // expect: lock-across-suspension
    ++store.Value;
  };
  update(3);
}

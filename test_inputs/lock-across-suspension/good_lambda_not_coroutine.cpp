// A lambda that locks is called by a coroutine between two awaits; it is no
// coroutine itself, and its guard ends with it.
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

static std::mutex mutex;
static int value;

Task update(int next) {
  auto store = [](int number) {
    std::lock_guard<std::mutex> lock(mutex);
    value = number;
  };
  store(next);
  co_await std::suspend_always{};
  store(next + 1);
}

int main() {
  std::lock_guard<std::mutex> lock(mutex);
  return value;
}

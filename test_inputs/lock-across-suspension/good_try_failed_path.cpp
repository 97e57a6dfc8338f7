// The await is on the path where the try failed.
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
static int turns;

Task turn() {
  while (!mutex.try_lock())
    co_await std::suspend_always{};
  ++turns;
  mutex.unlock();
}

int main() { turn(); }

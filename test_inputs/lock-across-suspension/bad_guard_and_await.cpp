// A guard lives across an await; so does one in the caller's block.
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
static int credits = 10;

Task spend(int amount) {
  std::lock_guard<std::mutex> lock(mutex);
  if (credits >= amount) {
    co_await std::suspend_always{}; // expect: lock-across-suspension
    credits -= amount;
  }
}

Task earn(int amount) {
  {
    std::lock_guard<std::mutex> lock(mutex);
    credits += amount;
  }
  co_await std::suspend_always{};
}

int main() {
  spend(3);
  earn(1);
}

// The same loop, unlocked at the end of each round.
#include <coroutine>
#include <exception>
#include <shared_mutex>

struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

static std::shared_mutex mutex;
static int generation, last;

Task watch(int rounds) {
  std::shared_lock<std::shared_mutex> lock(mutex, std::defer_lock);
  for (int i = 0; i < rounds; ++i) {
    co_await std::suspend_always{};
    lock.lock();
    last += generation;
    lock.unlock();
  }
}

int main() { watch(2); }

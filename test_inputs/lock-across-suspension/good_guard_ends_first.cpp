// The guard's block ends, or the unique_lock is unlocked, before each await.
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
  std::unique_lock<std::mutex> lock(mutex);
  bool enough = credits >= amount;
  lock.unlock();
  if (!enough)
    co_await std::suspend_always{};
  lock.lock();
  credits -= amount;
}

Task drip(int times) {
  while (times-- > 0) {
    {
      std::lock_guard<std::mutex> lock(mutex);
      ++credits;
    }
    co_await std::suspend_always{};
  }
}

int main() {
  spend(3);
  drip(2);
}

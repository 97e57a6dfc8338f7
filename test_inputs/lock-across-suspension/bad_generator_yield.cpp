// A generator walks a shared list under its lock and yields inside the loop:
// the consumer decides how long the lock is held.
#include <coroutine>
#include <exception>
#include <mutex>
#include <vector>

class Generator {
public:
  struct promise_type {
    int value = 0;
    Generator get_return_object() { return Generator(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(int next) noexcept {
      value = next;
      return {};
    }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
  explicit Generator(std::coroutine_handle<promise_type> handle) : Handle(handle) {}
  Generator(const Generator &) = delete;
  ~Generator() { Handle.destroy(); }
  bool next() {
    Handle.resume();
    return !Handle.done();
  }
  int value() const { return Handle.promise().value; }

private:
  std::coroutine_handle<promise_type> Handle;
};

class Numbers {
public:
  Generator all() {
    std::scoped_lock lock(Mutex);
    for (int number : List)
      co_yield number; // expect: lock-across-suspension
  }
  Generator copied() {
    std::vector<int> list;
    {
      std::scoped_lock lock(Mutex);
      list = List;
    }
    for (int number : list)
      co_yield number;
  }

private:
  std::mutex Mutex;
  std::vector<int> List{1, 2, 3};
};

int main() {
  Numbers numbers;
  int sum = 0;
  for (auto all = numbers.all(); all.next();)
    sum += all.value();
  for (auto all = numbers.copied(); all.next();)
    sum += all.value();
  return sum;
}

// The wrapper's lock is released on every way to an await; a coroutine that
// only awaits under a flag that excludes the lock is right too.
#include <coroutine>
#include <exception>
#include <pthread.h>

struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

class Bucket {
public:
  Task take(bool polite) {
    enter();
    --Tokens;
    leave();
    if (polite)
      co_await std::suspend_always{};
  }
  Task refill(bool locked) {
    if (locked)
      enter();
    Tokens = 4;
    if (locked)
      leave();
    co_await std::suspend_always{};
  }

private:
  void enter() { pthread_mutex_lock(&Mutex); }
  void leave() { pthread_mutex_unlock(&Mutex); }
  pthread_mutex_t Mutex = PTHREAD_MUTEX_INITIALIZER;
  int Tokens = 4;
};

int main() {
  Bucket bucket;
  bucket.take(false);
  bucket.refill(true);
}

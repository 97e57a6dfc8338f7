// Counters that locks made of atomics guard: an exchange, a comparing exchange,
// and GCC's builtins.
#include <atomic>
#include <thread>

class Exchanging {
public:
  void lock() {
    while (flag_.exchange(true, std::memory_order_acquire))
      std::this_thread::yield();
  }
  void unlock() { flag_.store(false, std::memory_order_release); }

private:
  std::atomic<bool> flag_{false};
};

class Comparing {
public:
  void lock() {
    bool expected = false;
    while (!flag_.compare_exchange_weak(expected, true))
      expected = false;
  }
  void unlock() { flag_ = false; }

private:
  std::atomic<bool> flag_{false};
};

static Exchanging exchanging;
static Comparing comparing;
static int builtin;
static int first, second, third;

static void work() {
  exchanging.lock();
  ++first;
  exchanging.unlock();
  comparing.lock();
  ++second;
  comparing.unlock();
  while (__sync_lock_test_and_set(&builtin, 1))
    ;
  ++third;
  __sync_lock_release(&builtin);
}

int main() {
  std::thread one(work), two(work);
  one.join();
  two.join();
}

// A lock-free atomic in the handler; the same class of tally is used by a
// thread that waits for the signal with sigwait, where anything is allowed.
#include <atomic>
#include <csignal>
#include <mutex>
#include <thread>

class Tally {
public:
  void add() {
    std::lock_guard<std::mutex> lock(Mutex);
    ++Count;
  }
  int count() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Count;
  }

private:
  std::mutex Mutex;
  int Count = 0;
};

static std::atomic<int> interrupts{0};
static_assert(std::atomic<int>::is_always_lock_free);
static Tally tally;

int main() {
  std::signal(SIGINT, [](int) { interrupts.fetch_add(1, std::memory_order_relaxed); });
  sigset_t waited;
  sigemptyset(&waited);
  sigaddset(&waited, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &waited, nullptr);
  std::thread waiter([&] {
    int number = 0;
    sigwait(&waited, &number);
    tally.add();
  });
  pthread_kill(waiter.native_handle(), SIGUSR1);
  waiter.join();
  return tally.count() + interrupts;
}

// expect: lock-order-inversion
// flags: -O2 -std=c++20 -DGRIDLOCK_CHECKED=1
// match: took mutex .outer.
// Locks that are taken by inlined code: orders seen a thousand times, contention,
// waiting on a condition, threads that come and go, a fork; then the inversion.
#include "support.h"
#include <condition_variable>
#include <gridlock/mutex.h>
#include <mutex>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

static gridlock::checked<std::mutex> a{"outer"}, b{"inner"}, turn{"turn"};
static std::condition_variable_any changed;
static int count;

__attribute__((noinline)) static void forwards() {
  std::lock_guard<gridlock::checked<std::mutex>> first(a);
  std::lock_guard<gridlock::checked<std::mutex>> second(b);
  ++count;
}
__attribute__((noinline)) static void backwards() {
  std::lock_guard<gridlock::checked<std::mutex>> first(b);
  std::lock_guard<gridlock::checked<std::mutex>> second(a);
  ++count;
}
static void many() {
  for (int i = 0; i < 1000; ++i)
    forwards();
}
static void waits(int number) {
  std::unique_lock<gridlock::checked<std::mutex>> lock(turn);
  changed.wait(lock, [&] { return count >= number; });
}

int main() {
  for (int round = 0; round < 5; ++round) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back(many);
    for (std::thread &thread : threads)
      thread.join();
  }
  if (count != 5 * 4 * 1000)
    return 4;
  std::thread waiter(waits, count + 1);
  {
    std::lock_guard<gridlock::checked<std::mutex>> lock(turn);
    ++count;
  }
  changed.notify_all();
  waiter.join();
  a.lock();
  pid_t child = fork();
  if (child == 0) {
    a.unlock();
    many();
    _exit(0);
  }
  a.unlock();
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0)
    return 5;
  IN_TURN(many, backwards);
}

// expect: lock-order-inversion, lock-rank-violation
// flags: -O0 -DGRIDLOCK_CHECKED=1
// match: .table. .*of rank 10
// A checked lock of each standard type has what its type has, with every guard.
#include "gridlock/mutex.h"
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

static gridlock::checked<std::mutex> plain{"plain"};
static gridlock::checked<std::timed_mutex> timed;
static gridlock::checked<std::recursive_mutex, 20> recursive{"recursive"};
static gridlock::checked<std::recursive_timed_mutex> recursiveTimed{"recursive timed"};
static gridlock::checked<std::shared_mutex, 10> table{"table"};
static gridlock::checked<std::shared_timed_mutex> sharedTimed{"shared timed"};
static std::condition_variable_any condition;
static std::binary_semaphore done{0}, end{0};
static bool ready = false;

static void eachOnce() {
  std::scoped_lock all(plain, timed, recursiveTimed, sharedTimed);
  if (!recursiveTimed.try_lock_for(std::chrono::milliseconds(1)))
    std::abort();
  recursiveTimed.unlock();
}

static void forwards() {
  eachOnce();
  std::unique_lock outer(timed);
  std::shared_lock inner(sharedTimed);
}

static void backwards() {
  std::unique_lock outer(sharedTimed, std::try_to_lock);
  std::lock_guard inner(timed);
}

int main() {
  std::thread worker([] {
    forwards();
    done.release();
    end.acquire();
    std::lock_guard guard(plain);
    ready = true;
    condition.notify_one();
  });
  done.acquire();
  backwards();
  end.release();
  {
    std::unique_lock lock(plain);
    condition.wait(lock, [] { return ready; });
  }
  {
    std::lock_guard high(recursive);
    std::lock_guard again(recursive);
    std::shared_lock low(table);
  }
  worker.join();
}

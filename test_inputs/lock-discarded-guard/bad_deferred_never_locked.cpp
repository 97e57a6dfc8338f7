// defer_lock was copied from another function; nobody ever locks.
// gap: a guard that never locks on any path is not counted yet
#include <mutex>
#include <thread>

static std::mutex mutex;
static int served;

static void serve() {
  std::unique_lock<std::mutex> lock(mutex, std::defer_lock); // expect: lock-discarded-guard
  ++served;                                                  // allow: race-unlocked-mutation
}

int main() {
  std::jthread one(serve), two(serve);
}

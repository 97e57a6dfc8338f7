// expect: none
// Mutexes on a thread's stack end with the thread; the next thread's are others.
#include "support.h"
#include <mutex>
#include <thread>

static std::mutex fixed;
static std::mutex *address;
static int used;

static void up() {
  std::mutex own;
  address = &own;
  std::lock_guard<std::mutex> outer(own);
  std::lock_guard<std::mutex> inner(fixed);
}
static void down() {
  std::mutex own;
  if (&own != address)
    return; // not the same place: the case would prove nothing
  used = 1;
  std::lock_guard<std::mutex> outer(fixed);
  std::lock_guard<std::mutex> inner(own);
}

static sem_t done, end;

// Joins for itself: for the main thread, nothing but a signal says that the
// first thread is over, and signals are not taken as order.
static void helper() {
  std::thread(up).join();
  signal_to(&done);
  await(&end);
}

int main() {
  sem_init(&done, 0, 0);
  sem_init(&end, 0, 0);
  std::thread other(helper);
  await(&done);
  std::thread(down).join(); // gets the same stack
  signal_to(&end);
  other.join();
  return used ? 0 : 4;
}

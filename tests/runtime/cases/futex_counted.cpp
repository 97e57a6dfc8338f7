// expect: none
// options: verbosity=1
// flags: -std=c++20
// match: threads blocked [1-9][0-9]* times, [1-9][0-9]* of them on bare futexes: orders of those locks were not seen
// std::atomic::wait waits on a futex of its own, which no lock explains.
#include "support.h"

#include <atomic>
#include <fcntl.h>
#include <string>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

static std::atomic<int> turn{0}, waiter{0};

/// Whether the kernel has put the thread to sleep in futex(2).
static bool sleepsOnFutex(int thread) {
  std::string path = "/proc/self/task/" + std::to_string(thread) + "/syscall";
  char text[16] = {};
  int file = open(path.c_str(), O_RDONLY);
  bool known = file >= 0 && read(file, text, sizeof(text) - 1) > 0;
  if (file >= 0)
    close(file);
  return known && atoi(text) == SYS_futex;
}

int main() {
  std::thread other([] {
    waiter = gettid();
    turn.wait(0);
  });
  while (!waiter || !sleepsOnFutex(waiter))
    std::this_thread::yield();
  turn = 1;
  turn.notify_all();
  other.join();
}

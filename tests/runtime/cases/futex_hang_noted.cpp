// expect: none
// flags: -std=c++20
// match: noted
// One thread keeps a mutex while it waits on a bare futex, another wants the
// mutex: nobody can say that this is a deadlock, but the watchdog says where it
// cannot look. The note ends the wait.
#include "support.h"

#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>
#include <unistd.h>

static pthread_mutex_t kept = PTHREAD_MUTEX_INITIALIZER;
static std::atomic<int> go{0};

int main() {
  int ends[2];
  if (pipe(ends) != 0 || dup2(2, 9) != 9 || dup2(ends[1], 2) != 2)
    return 1;
  std::atomic<bool> taken{false};
  std::thread keeper([&] {
    pthread_mutex_lock(&kept);
    taken = true;
    go.wait(0);
    pthread_mutex_unlock(&kept);
  });
  while (!taken)
    std::this_thread::yield();
  std::thread reader([&] {
    std::string text;
    char byte;
    while (text.find("blocked on a bare futex") == std::string::npos && read(ends[0], &byte, 1) == 1)
      text += byte;
    if (write(9, "noted\n", 6) != 6)
      std::abort();
    go = 1;
    go.notify_all();
  });
  pthread_mutex_lock(&kept);
  pthread_mutex_unlock(&kept);
  keeper.join();
  reader.join();
  dup2(9, 2);
}

// A second thread kills the child when its time is up.
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <sys/wait.h>
#include <thread>

int finish(pid_t pid) {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  std::thread watchdog([&, pid] {
    std::unique_lock<std::mutex> lock(mutex);
    if (!changed.wait_for(lock, std::chrono::seconds(5), [&] { return done; }))
      kill(pid, SIGKILL);
  });
  int status = -1;
  waitpid(pid, &status, 0);
  {
    std::lock_guard<std::mutex> lock(mutex);
    done = true;
  }
  changed.notify_one();
  watchdog.join();
  return status;
}

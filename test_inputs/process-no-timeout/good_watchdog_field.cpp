// The timer thread and the waiting thread share the pid by a member.
#include <atomic>
#include <chrono>
#include <csignal>
#include <sys/wait.h>
#include <thread>

class Child {
public:
  explicit Child(pid_t pid) : Pid(pid), Timer([this] { watch(); }) {}
  ~Child() { Timer.join(); }
  Child(const Child &) = delete;
  int finish() {
    int status = -1;
    waitpid(Pid, &status, 0);
    Ended = true;
    return status;
  }

private:
  void watch() {
    for (int i = 0; i < 500 && !Ended; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (!Ended)
      kill(Pid, SIGKILL);
  }
  const pid_t Pid;
  std::atomic<bool> Ended{false};
  std::thread Timer;
};

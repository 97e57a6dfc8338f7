// Every pid of the list is waited for.
#include <csignal>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

class Pool {
public:
  void grow() {
    pid_t pid = fork();
    if (pid == 0) {
      execlp("worker", "worker", nullptr);
      _exit(127);
    }
    Pids.push_back(pid);
  }
  void shutdown() {
    for (pid_t pid : Pids) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
    Pids.clear();
  }

private:
  std::vector<pid_t> Pids;
};

void run(Pool &pool) {
  pool.grow();
  pool.shutdown();
}

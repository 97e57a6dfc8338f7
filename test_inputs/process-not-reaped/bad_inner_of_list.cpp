// The pids go to a list; the loop over it sends signals and waits for nobody.
#include <csignal>
#include <sys/types.h>
#include <unistd.h>
#include <vector>

class Pool {
public:
  void grow() {
    pid_t pid = fork(); // expect: process-not-reaped
    if (pid == 0) {
      execlp("worker", "worker", nullptr);
      _exit(127);
    }
    Pids.push_back(pid);
  }
  void shutdown() {
    for (pid_t pid : Pids)
      kill(pid, SIGTERM);
    Pids.clear();
  }

private:
  std::vector<pid_t> Pids;
};

void run(Pool &pool) {
  pool.grow();
  pool.shutdown();
}

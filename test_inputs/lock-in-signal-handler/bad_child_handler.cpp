// The SIGCHLD handler notes the child's end in the job table under the table's
// lock: a signal that comes while the table is locked never gets it.
#include <csignal>
#include <map>
#include <mutex>
#include <sys/wait.h>
#include <unistd.h>

class JobTable {
public:
  void started(pid_t pid) {
    std::lock_guard<std::mutex> hold(Lock); // allow: lock-in-signal-handler
    Running[pid] = true;
  }
  void ended(pid_t pid) {
    std::lock_guard<std::mutex> hold(Lock); // expect: lock-in-signal-handler#table
    Running.erase(pid);                     // allow: lock-in-signal-handler
  }

private:
  std::mutex Lock;
  std::map<pid_t, bool> Running;
};

static JobTable table;

static void childEnded(int) {
  int status;
  pid_t pid;
  while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
    table.ended(pid); // expect: lock-in-signal-handler#table
}

int main(int argc, char **argv) {
  struct sigaction action = {};
  action.sa_handler = childEnded;
  sigaction(SIGCHLD, &action, nullptr);
  for (int i = 1; i < argc; ++i) {
    pid_t pid = fork();
    if (pid == 0) {
      execlp(argv[i], argv[i], nullptr);
      _exit(127);
    }
    table.started(pid);
  }
  pause();
}

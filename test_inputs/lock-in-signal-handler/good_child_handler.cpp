// The SIGCHLD handler writes a byte into a pipe; the main loop keeps the table.
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <map>
#include <mutex>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

class JobTable {
public:
  void started(pid_t pid) {
    std::lock_guard<std::mutex> hold(Lock);
    Running[pid] = true;
  }
  bool ended(pid_t pid) {
    std::lock_guard<std::mutex> hold(Lock);
    Running.erase(pid);
    return Running.empty();
  }

private:
  std::mutex Lock;
  std::map<pid_t, bool> Running;
};

static JobTable table;
static int wakeUp[2];

static void childEnded(int) {
  int saved = errno;
  char byte = 0;
  (void)!write(wakeUp[1], &byte, 1);
  errno = saved;
}

int main(int argc, char **argv) {
  if (pipe2(wakeUp, O_CLOEXEC | O_NONBLOCK) != 0)
    return 1;
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
  for (;;) {
    pollfd waits = {wakeUp[0], POLLIN, 0};
    if (poll(&waits, 1, 60000) <= 0)
      continue;
    char bytes[16];
    (void)!read(wakeUp[0], bytes, sizeof bytes);
    pid_t pid;
    while ((pid = waitpid(-1, nullptr, WNOHANG)) > 0)
      if (table.ended(pid))
        return 0;
  }
}

// The child is asked to end, in a helper of its own, and then waited for: one
// that ignores SIGTERM keeps the object's destructor for ever.
#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

class Server {
public:
  explicit Server(const char *path) {
    Pid = fork();
    if (Pid == 0) {
      execl(path, path, nullptr);
      _exit(127);
    }
  }
  ~Server() {
    stop();
    waitpid(Pid, nullptr, 0); // expect: process-no-timeout
  }
  Server(const Server &) = delete;

private:
  void stop() const { kill(Pid, SIGTERM); }
  pid_t Pid;
};

// A detached thread collects the child.
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

static void collect(pid_t pid) {
  while (waitpid(pid, nullptr, WNOHANG) == 0)
    usleep(10000);
}

void launch(const char *program) {
  pid_t pid = fork();
  if (pid == 0) {
    execlp(program, program, nullptr);
    _exit(127);
  }
  if (pid > 0)
    std::thread(collect, pid).detach();
}

// Each tool is asked to end, and waited for: one that ignores it is waited for
// for ever.
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t start(const char *tool) {
  pid_t pid = fork();
  if (pid == 0) {
    execlp(tool, tool, (char *)0);
    _exit(127);
  }
  return pid;
}

static void stop(pid_t pid) {
  int status;
  kill(pid, SIGTERM);
  waitpid(pid, &status, 0); // expect: process-no-timeout
}

int main(void) {
  pid_t tools[2] = {start("indexer"), start("watcher")};
  pause();
  for (int i = 0; i < 2; ++i)
    if (tools[i] > 0)
      stop(tools[i]);
  return 0;
}

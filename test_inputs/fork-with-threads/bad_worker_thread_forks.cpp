// A thread of a pool forks and prints in the child.
#include <csignal>
#include <cstdio>
#include <sys/types.h>
#include <thread>
#include <unistd.h>

static pid_t start(const char *tool) {
  pid_t pid = fork(); // expect: fork-with-threads
  if (pid != 0)
    return pid;
  std::fprintf(stderr, "starting %s\n", tool);
  execlp(tool, tool, nullptr);
  _exit(127);
}

int main() {
  std::signal(SIGCHLD, SIG_IGN);
  std::jthread first([] { start("true"); });
  std::jthread second([] { start("true"); });
}

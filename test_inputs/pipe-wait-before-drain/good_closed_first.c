// The output is not wanted: its end is closed before the wait.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC))
    return 1;
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 1);
    execlp("seq", "seq", "1", "30000", (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  close(ends[0]);
  waitpid(child, NULL, 0);
  return 0;
}

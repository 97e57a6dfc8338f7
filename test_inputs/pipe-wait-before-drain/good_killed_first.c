// A child that is killed does not wait for its pipe.
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
  char byte;
  if (pipe2(ends, O_CLOEXEC))
    return 1;
  pid_t child = fork();
  if (child == 0) {
    dup2(ends[1], 1);
    execlp("yes", "yes", (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
  while (read(ends[0], &byte, 1) > 0)
    ;
  close(ends[0]);
  return 0;
}

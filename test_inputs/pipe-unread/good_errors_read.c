// Errors go to a pipe that is read before the wait.
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
  int err[2];
  char byte;
  if (pipe2(err, O_CLOEXEC) != 0)
    return 1;
  pid_t pid = fork();
  if (pid == 0) {
    dup2(err[1], 2);
    execl("/bin/sh", "sh", "-c", "seq 1 30000 >&2", (char *)NULL);
    _exit(127);
  }
  close(err[1]);
  while (read(err[0], &byte, 1) == 1)
    ;
  waitpid(pid, NULL, 0);
  close(err[0]);
  return 0;
}

// A helper marks both ends close-on-exec; the child closes nothing.
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

static void mark(int fd) {
  int flags = fcntl(fd, F_GETFD);
  fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
}

int main(void) {
  int ends[2];
  if (pipe(ends) != 0)
    return 1;
  mark(ends[0]);
  mark(ends[1]);
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[0], 0);
    execlp("cat", "cat", (char *)NULL);
    _exit(127);
  }
  close(ends[0]);
  close(ends[1]);
  waitpid(pid, NULL, 0);
  return 0;
}

// The parent still has the write end when it reads.
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
  char line[256];
  long total = 0;
  ssize_t n;
  if (pipe2(ends, O_CLOEXEC) != 0)
    return 1;
  pid_t pid = fork();
  if (pid == -1)
    return 1;
  if (pid == 0) {
    dup2(ends[1], 1);
    execlp("ls", "ls", "/", (char *)NULL);
    _exit(127);
  }
  while ((n = read(ends[0], line, sizeof line)) > 0) // expect: pipe-end-left-open
    total += n;
  close(ends[0]);
  waitpid(pid, NULL, 0);
  return total == 0;
}

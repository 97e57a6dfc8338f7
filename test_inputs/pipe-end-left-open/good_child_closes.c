// The reader closes the write end of its own input.
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
  if (pipe(ends) != 0)
    return 1;
  pid_t pid = fork();
  if (pid == 0) {
    dup2(ends[0], 0);
    close(ends[0]);
    close(ends[1]);
    execlp("cat", "cat", (char *)NULL);
    _exit(127);
  }
  close(ends[0]);
  if (write(ends[1], "hello\n", 6) != 6)
    return 1;
  close(ends[1]);
  waitpid(pid, NULL, 0);
  return 0;
}

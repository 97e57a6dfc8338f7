// The parent reads a header before the consumer starts.
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

static pid_t stage(const char *script, int in, int out) {
  pid_t pid = fork();
  if (pid == 0) {
    if (in >= 0)
      dup2(in, 0);
    if (out >= 0)
      dup2(out, 1);
    execl("/bin/sh", "sh", "-c", script, (char *)NULL);
    _exit(127);
  }
  return pid;
}

int main(void) {
  int ends[2];
  char text[512];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return 1;
  pid_t writer = stage("seq 1 100", -1, ends[1]);
  close(ends[1]);
  ssize_t n = read(ends[0], text, 2);
  pid_t reader = stage("wc -l", ends[0], -1);
  if (n > 0)
    waitpid(reader, NULL, 0);
  close(ends[0]);
  waitpid(writer, NULL, 0);
  return 0;
}

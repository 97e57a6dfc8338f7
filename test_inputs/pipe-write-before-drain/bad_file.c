// A whole buffer is written; POLLOUT was asked before.
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

static pid_t start(int *to, int *from) {
  int in[2], out[2];
  if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
    exit(1);
  pid_t pid = fork();
  if (pid == 0) {
    dup2(in[0], STDIN_FILENO);
    dup2(out[1], STDOUT_FILENO);
    execlp("cat", "cat", (char *)NULL);
    _exit(127);
  }
  close(in[0]);
  close(out[1]);
  *to = in[1];
  *from = out[0];
  return pid;
}

int main(void) {
  int to, from;
  char line[100];
  size_t got = 0;
  signal(SIGPIPE, SIG_IGN);
  pid_t pid = start(&to, &from);
  static char text[1 << 20];
  struct pollfd ready = {to, POLLOUT, 0};
  memset(text, 'x', sizeof text);
  if (poll(&ready, 1, -1) == 1 && write(to, text, sizeof text) < 0) // expect: pipe-write-before-drain
    perror("write");
  close(to);
  while (read(from, line, sizeof line) > 0)
    got++;
  waitpid(pid, NULL, 0);
  printf("%zu\n", got);
  return 0;
}

// One helper reads both, in turn.
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

static void child(int out[2], int err[2], const char *script) {
  dup2(out[1], 1);
  dup2(err[1], 2);
  execl("/bin/sh", "sh", "-c", script, (char *)NULL);
  _exit(127);
}

static size_t all_of(int fd) {
  char piece[1024];
  size_t size = 0;
  ssize_t n;
  do {
    n = read(fd, piece, sizeof piece);
    if (n > 0)
      size += (size_t)n;
  } while (n > 0);
  return size;
}

int main(void) {
  int out[2], err[2];
  size_t o = 0, e = 0;
  if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
    return 1;
  pid_t pid = fork();
  if (pid == 0)
    child(out, err, "seq 1 30000 >&2; echo done");
  close(out[1]);
  close(err[1]);
  o = all_of(out[0]); // expect: pipe-sequential-drain
  e = all_of(err[0]);
  close(out[0]);
  close(err[0]);
  waitpid(pid, NULL, 0);
  printf("%zu %zu\n", o, e);
  return 0;
}

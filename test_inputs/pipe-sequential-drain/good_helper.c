// A poll loop reads both.
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
  struct pollfd both[2] = {{out[0], POLLIN, 0}, {err[0], POLLIN, 0}};
  while (both[0].fd >= 0 || both[1].fd >= 0) {
    char piece[1024];
    if (poll(both, 2, -1) < 0)
      break;
    for (int i = 0; i < 2; i++)
      if (both[i].revents) {
        ssize_t n = read(both[i].fd, piece, sizeof piece);
        if (n <= 0)
          both[i].fd = -1;
        else if (i == 0)
          o += (size_t)n;
        else
          e += (size_t)n;
      }
  }
  (void)all_of;
  close(out[0]);
  close(err[0]);
  waitpid(pid, NULL, 0);
  printf("%zu %zu\n", o, e);
  return 0;
}

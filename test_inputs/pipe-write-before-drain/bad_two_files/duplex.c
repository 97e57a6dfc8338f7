#include "duplex.h"
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

int duplex_open(struct duplex *d, const char *command) {
  int down[2], up[2];
  if (pipe(down) == -1)
    return -1;
  if (pipe(up) == -1) {
    close(down[0]);
    close(down[1]);
    return -1;
  }
  switch (d->pid = fork()) {
  case -1:
    close(down[0]);
    close(down[1]);
    close(up[0]);
    close(up[1]);
    return -1;
  case 0:
    dup2(down[0], 0);
    dup2(up[1], 1);
    close(down[0]);
    close(down[1]);
    close(up[0]);
    close(up[1]);
    execl("/bin/sh", "sh", "-c", command, (char *)0);
    _exit(127);
  }
  close(down[0]);
  close(up[1]);
  d->to_child = down[1];
  d->from_child = up[0];
  return 0;
}

int duplex_close(struct duplex *d) {
  int status;
  if (d->to_child >= 0)
    close(d->to_child);
  close(d->from_child);
  while (waitpid(d->pid, &status, 0) < 0)
    if (errno != EINTR)
      return -1;
  return status;
}

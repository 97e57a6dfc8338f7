// stdio on one stream that gets both.
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
  int out[2], err[2];
  char line[200];
  int lines = 0;
  if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
    return 1;
  pid_t pid = fork();
  if (pid == 0) {
    dup2(out[1], 1);
    dup2(1, 2);
    execl("/bin/sh", "sh", "-c", "seq 1 30000 >&2; echo done", (char *)NULL);
    _exit(127);
  }
  close(out[1]);
  close(err[1]);
  FILE *o = fdopen(out[0], "r"), *e = fdopen(err[0], "r");
  while (fgets(line, sizeof line, o))
    lines++;
  while (fgets(line, sizeof line, e))
    lines--;
  fclose(o);
  fclose(e);
  waitpid(pid, NULL, 0);
  return lines > 0;
}

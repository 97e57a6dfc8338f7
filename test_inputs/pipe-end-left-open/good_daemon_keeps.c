// The daemon tells its starter "ready" through a pipe and closes it: that is the
// end-of-file which the starter waits for.
// proof: not run, for the daemon would stay
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile int stopping;
extern void serve_one(void);

static int report_fd = -1;

static void become_daemon(void) {
  int ready[2];
  if (pipe(ready) < 0)
    exit(1);
  pid_t pid = fork();
  if (pid < 0)
    exit(1);
  if (pid > 0) {
    char text[128];
    size_t used = 0;
    ssize_t n;
    close(ready[1]);
    while (used < sizeof text - 1 && (n = read(ready[0], text + used, sizeof text - 1 - used)) > 0)
      used += (size_t)n;
    text[used] = 0;
    fputs(text, stderr);
    exit(strcmp(text, "ready") != 0);
  }
  close(ready[0]);
  setsid();
  report_fd = ready[1];
}

int main(void) {
  become_daemon();
  if (chdir("/") == 0 && write(report_fd, "ready", 5) == 5)
    umask(022);
  close(report_fd);
  while (!stopping)
    serve_one();
  return 0;
}

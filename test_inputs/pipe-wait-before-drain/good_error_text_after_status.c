// They are collected in any case, before it.
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

static int run(char *const argv[], char *text, size_t room) {
  int err[2], status = 0;
  size_t got = 0;
  ssize_t n;
  if (pipe2(err, O_CLOEXEC) < 0)
    return -1;
  pid_t pid = fork();
  if (pid < 0) {
    close(err[0]);
    close(err[1]);
    return -1;
  }
  if (pid == 0) {
    dup2(err[1], 2);
    execvp(argv[0], argv);
    _exit(127);
  }
  close(err[1]);
  while (got < room && (n = read(err[0], text + got, room - got)) > 0)
    got += (size_t)n;
  while (waitpid(pid, &status, 0) < 0)
    ;
  close(err[0]);
  text[got < room ? got : room - 1] = 0;
  return status;
}

int main(void) {
  static char text[400000];
  char *argv[] = {"sh", "-c", "seq 1 30000 >&2; exit 3", NULL};
  printf("%d %zu\n", run(argv, text, sizeof text), strlen(text));
  return 0;
}

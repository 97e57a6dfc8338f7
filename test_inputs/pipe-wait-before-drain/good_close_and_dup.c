// The old way to give a child its output, read before the wait.
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int start(const char *command, pid_t *child) {
  int ends[2];
  if (pipe(ends) == -1)
    return -1;
  *child = fork();
  if (*child == -1) {
    close(ends[0]);
    close(ends[1]);
    return -1;
  }
  if (*child == 0) {
    close(ends[0]);
    close(STDOUT_FILENO);
    if (dup(ends[1]) == -1)
      exit(EXIT_FAILURE);
    close(ends[1]);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    exit(EXIT_FAILURE);
  }
  close(ends[1]);
  return ends[0];
}

long copy_output(const char *command, FILE *to) {
  pid_t child;
  char buffer[4096];
  long total = 0;
  ssize_t count;
  int status, from = start(command, &child);
  if (from == -1)
    return -1;
  while ((count = read(from, buffer, sizeof buffer)) > 0)
    total += (long)fwrite(buffer, 1, (size_t)count, to);
  close(from);
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? total : -1;
}

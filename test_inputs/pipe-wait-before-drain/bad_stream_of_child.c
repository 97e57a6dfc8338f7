// The child's output is read with stdio, after the wait.
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

static FILE *tool(pid_t *child) {
  int ends[2];
  if (pipe(ends) != 0)
    return NULL;
  *child = fork();
  if (*child == -1)
    return NULL;
  if (!*child) {
    close(ends[0]);
    if (ends[1] != STDOUT_FILENO) {
      dup2(ends[1], STDOUT_FILENO);
      close(ends[1]);
    }
    execlp("seq", "seq", "1", "30000", (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  return fdopen(ends[0], "r");
}

int main(void) {
  char *line = NULL;
  size_t size = 0;
  long lines = 0;
  int status;
  pid_t child;
  FILE *stream = tool(&child);
  if (!stream)
    return 1;
  if (waitpid(child, &status, 0) == child) // expect: pipe-wait-before-drain
    while (getline(&line, &size, stream) != -1)
      lines++;
  fclose(stream);
  printf("%ld\n", lines);
  return 0;
}

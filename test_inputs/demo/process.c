#define _GNU_SOURCE
#include "process.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t read_all(int descriptor, char *output, size_t capacity) {
  size_t used = 0;
  char rest[512];
  for (;;) {
    int full = used + 1 >= capacity;
    ssize_t count = full ? read(descriptor, rest, sizeof rest) : read(descriptor, output + used, capacity - 1 - used);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      break;
    if (!full)
      used += (size_t)count;
  }
  while (used > 0 && output[used - 1] == '\n')
    --used;
  output[used] = '\0';
  return used;
}

int process_run(const char *command, char *output, size_t capacity) {
  int ends[2];
  int status = 0;
  if (pipe2(ends, O_CLOEXEC) != 0)
    return -1;
  pid_t child = fork();
  if (child < 0) {
    close(ends[0]);
    close(ends[1]);
    return -1;
  }
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
  }
  close(ends[1]);
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    continue;
  read_all(ends[0], output, capacity);
  close(ends[0]);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

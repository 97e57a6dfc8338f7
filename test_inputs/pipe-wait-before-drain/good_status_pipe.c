// A child of the same program reports one number: it always fits.
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
  int ends[2], answer = 0;
  if (pipe2(ends, O_CLOEXEC))
    return 1;
  pid_t child = fork();
  if (child == 0) {
    int result = getpid() % 7;
    if (write(ends[1], &result, sizeof result) != sizeof result)
      _exit(1);
    _exit(0);
  }
  close(ends[1]);
  waitpid(child, NULL, 0);
  if (read(ends[0], &answer, sizeof answer) != sizeof answer)
    return 1;
  close(ends[0]);
  return answer;
}

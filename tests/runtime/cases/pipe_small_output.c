// expect: none
// What the child writes fits; waiting first is lucky, but no deadlock.
#include "support.h"
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  int ends[2], status = 1;
  if (pipe(ends) != 0)
    return 3;
  pid_t child = fork();
  if (child == 0)
    _exit(write(ends[1], "hello", 5) == 5 ? 0 : 1);
  close(ends[1]);
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

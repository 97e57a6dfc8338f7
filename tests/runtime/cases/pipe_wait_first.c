// expect: pipe-deadlock
// options: halt_on_error=1
// match: is blocked writing
// The child writes more than a pipe holds; the parent waits before it reads.
#include "support.h"
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  int ends[2];
  if (pipe(ends) != 0)
    return 3;
  pid_t child = fork();
  if (child == 0) {
    static char block[300000];
    close(ends[0]);
    _exit(write(ends[1], block, sizeof(block)) == (ssize_t)sizeof(block) ? 0 : 1);
  }
  close(ends[1]);
  int status;
  waitpid(child, &status, 0);
}

// expect: pipe-deadlock
// options: halt_on_error=1
// Records that do not fill the pipe exactly, and a wait for any child.
#include "support.h"
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
  int ends[2];
  if (pipe(ends) != 0)
    return 3;
  pid_t child = fork();
  if (child == 0) {
    static char record[3000];
    close(ends[0]);
    for (int i = 0; i < 100; ++i)
      if (write(ends[1], record, sizeof(record)) < 0)
        _exit(1);
    _exit(0);
  }
  close(ends[1]);
  wait(0);
}

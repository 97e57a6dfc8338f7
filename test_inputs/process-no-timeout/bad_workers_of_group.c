// A server asks its workers to end, all at once, and waits until none is left.
// They are this same program, and end when they are asked.
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static void serve(void) {
  signal(SIGTERM, SIG_DFL);
  for (;;)
    pause();
}

static void wait_for_workers(void) {
  int status;
  for (;;)
    if (waitpid(0, &status, 0) < 0 && errno == ECHILD)  // expect: process-no-timeout
      return;
}

int main(void) {
  for (int i = 0; i < 4; ++i)
    if (fork() == 0) {
      serve();
      _exit(0);
    }
  pause();
  signal(SIGTERM, SIG_IGN);
  kill(0, SIGTERM);
  wait_for_workers();
  return 0;
}

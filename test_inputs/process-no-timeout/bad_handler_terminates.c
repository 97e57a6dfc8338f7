// The helper has not ended when another child's end calls the handler: it is
// asked to, and waited for whether it obeys or not.
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static volatile pid_t helper;
static int helper_status;

static void on_child(int signal_number) {
  (void)signal_number;
  if (waitpid(helper, &helper_status, WNOHANG) <= 0) {
    kill(helper, SIGTERM);
    while (waitpid(helper, &helper_status, 0) == -1) // expect: process-no-timeout
      if (errno != EINTR)
        return;
  }
}

void watch(pid_t pid) {
  struct sigaction action;
  helper = pid;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_child;
  sigaction(SIGCHLD, &action, NULL);
}

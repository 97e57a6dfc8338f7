#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void collect(int signal_number) {
  (void)signal_number;
  while (waitpid(-1, NULL, WNOHANG) > 0)
    ;
}

int main(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = collect;
  sigaction(SIGCHLD, &action, NULL);
  for (;;) {
    if (fork() == 0) {
      execlp("job", "job", (char *)0);
      _exit(127);
    }
    sleep(60);
  }
}

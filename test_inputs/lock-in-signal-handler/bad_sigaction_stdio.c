// sigaction with three arguments; the handler prints and allocates.
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *last_report;

static void report(int number, siginfo_t *info, void *context) {
  (void)context;
  char *text = malloc(64); // expect: lock-in-signal-handler#malloc
  if (!text)
    return;
  snprintf(text, 64, "signal %d at %p", number, info->si_addr); // allow: lock-in-signal-handler
  last_report = text;
  fprintf(stderr, "%s\n", text); // expect: lock-in-signal-handler#stdio
}

int main(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = report;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR1, &action, NULL);
  raise(SIGUSR1);
  return last_report == NULL;
}

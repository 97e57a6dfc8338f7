// The function below the handler can be told that it runs in one, but two layers up the flag was lost.
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char *journal;

static void dropJournal(int inSignal) {
  if (journal == NULL)
    return;
  if (!inSignal) {
    free(journal); // expect: lock-in-signal-handler
    journal = NULL;
  }
}

static void removeFiles(int flags) {
  dropJournal(flags & 1);
  unlink("journal.tmp");
}

static void onTerminate(int number) {
  if (number == SIGTERM)
    removeFiles(4);
  else
    removeFiles(1);
  _exit(1);
}

int main(void) {
  struct sigaction action = {0};
  action.sa_handler = onTerminate;
  sigaction(SIGTERM, &action, NULL);
  journal = malloc(100);
  removeFiles(0);
  return 0;
}

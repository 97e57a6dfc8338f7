// The functions below the handler are told by an argument that they run in one, and leave out what may not be done there.
// With the other value, which only the main program passes, they print and free.
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum Caller { MainProgram, SignalHandler };

static char *journal;

static void dropJournal(int inSignal) {
  if (journal == NULL)
    return;
  if (!inSignal) {
    fprintf(stderr, "dropping the journal\n");
    free(journal);
    journal = NULL;
  }
}

static void say(enum Caller caller, const char *text) {
  switch (caller) {
  case SignalHandler:
    write(2, text, 1);
    break;
  case MainProgram:
    puts(text);
    break;
  }
}

static void removeFiles(int flags) {
  dropJournal(flags & 1);
  say(flags & 1 ? SignalHandler : MainProgram, "removed\n");
  unlink("journal.tmp");
}

static void onTerminate(int number) {
  // Known from the installation: only the other signal prints.
  if (number == SIGUSR1)
    printf("still here\n");
  removeFiles(5);
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

#include "launch.h"
#include <sys/types.h>
#include <signal.h>
#include <stdio.h>

int main(void) {
  char line[256];
  signal(SIGCHLD, SIG_IGN);
  while (fgets(line, sizeof line, stdin))
    if (!launch(line))
      perror("fork");
  return 0;
}

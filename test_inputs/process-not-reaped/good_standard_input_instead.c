// The lines come from a command or from standard input; only the command's
// stream is closed.
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>

int count_matches(const char *command, const char *word) {
  char line[256];
  int found = 0;
  FILE *from;
  if (strcmp(command, "-") == 0)
    from = stdin;
  else
    from = popen(command, "r");
  if (from == NULL)
    return -1;
  while (fgets(line, sizeof line, from)) {
    if (strstr(line, word) == NULL)
      continue;
    if (++found == 100) {
      if (from != stdin)
        pclose(from); // allow: process-no-timeout
      return found;
    }
  }
  if (from != stdin && pclose(from) != 0) // allow: process-no-timeout
    return -1;
  return found;
}

/* A library's parser runs what the text asks for; its functions call each other and nobody else calls them. */
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int parseList(const char **text);

static int runFilter(const char *text) {
  pid_t pid = fork();
  int status = 0;
  if (pid == 0) {
    execlp("filter", "filter", text, (char *)NULL);
    _exit(127);
  }
  if (pid > 0)
    waitpid(pid, &status, 0); // expect: process-no-timeout
  return status;
}

int parseItem(const char **text) {
  if (**text == '(') {
    ++*text;
    return parseList(text);
  }
  if (**text == '!')
    return runFilter(*text + 1);
  ++*text;
  return 0;
}

int parseList(const char **text) {
  int found = 0;
  while (**text && **text != ')')
    found += parseItem(text);
  return found;
}

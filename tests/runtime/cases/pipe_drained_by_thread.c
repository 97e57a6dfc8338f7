// expect: none
// Another thread reads while this one waits.
#include "support.h"
#include <sys/wait.h>
#include <unistd.h>

static int ends[2];
static void *reader(void *unused) {
  char buffer[1000];
  while (read(ends[0], buffer, sizeof(buffer)) > 0) {
  }
  return unused;
}

int main(void) {
  if (pipe(ends) != 0)
    return 3;
  pid_t child = fork();
  if (child == 0) {
    static char block[3000000];
    close(ends[0]);
    _exit(write(ends[1], block, sizeof(block)) == (ssize_t)sizeof(block) ? 0 : 1);
  }
  close(ends[1]);
  pthread_t thread;
  MUST(pthread_create(&thread, 0, reader, 0));
  int status = 1;
  waitpid(child, &status, 0);
  MUST(pthread_join(thread, 0));
  return WEXITSTATUS(status);
}

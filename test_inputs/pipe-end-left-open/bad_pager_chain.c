// producer | pager: the parent keeps the reading end of the pipe between them,
// so the producer gets no SIGPIPE when the pager quits, and is waited for.
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t launch(const char *program, int in, int out, const int ends[2]) {
  pid_t pid = fork();
  if (pid != 0)
    return pid;
  if (in != 0)
    dup2(in, 0);
  if (out != 1)
    dup2(out, 1);
  close(ends[0]);
  close(ends[1]);
  execlp(program, program, (char *)0);
  perror(program);
  _exit(127);
}

int page(const char *producer, const char *pager) {
  int ends[2], status;
  if (pipe(ends) < 0)
    return -1;
  pid_t first = launch(producer, 0, ends[1], ends);
  pid_t second = launch(pager, ends[0], 1, ends);
  close(ends[1]);
  waitpid(first, &status, 0); // expect: pipe-end-left-open
  close(ends[0]);
  waitpid(second, &status, 0);
  return status;
}

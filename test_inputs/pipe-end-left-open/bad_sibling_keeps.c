// Two filters side by side: the second child inherits the end that the parent
// writes the first one's input to, so the first never sees end-of-file.
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct filter {
  pid_t pid;
  int in;
};

static int filter_start(struct filter *f, const char *program) {
  int ends[2];
  if (pipe(ends) < 0) // expect: pipe-end-left-open#sibling
    return -1;
  f->pid = fork(); // expect: pipe-end-left-open#sibling
  if (f->pid == 0) {
    dup2(ends[0], STDIN_FILENO);
    close(ends[0]);
    close(ends[1]);
    execlp(program, program, (char *)NULL);
    _exit(127);
  }
  close(ends[0]);
  f->in = ends[1];
  return f->pid < 0 ? -1 : 0;
}

static int filter_finish(struct filter *f) {
  int status = 0;
  close(f->in);
  waitpid(f->pid, &status, 0); // expect: pipe-end-left-open#sibling
  return status;
}

int main(void) {
  struct filter sums, sizes;
  if (filter_start(&sums, "sha256sum") < 0)
    return 1;
  if (filter_start(&sizes, "wc") < 0)
    return 1;
  if (write(sums.in, "a\n", 2) != 2 || write(sizes.in, "a\n", 2) != 2)
    return 1;
  int bad = filter_finish(&sums); // expect: pipe-end-left-open#sibling
  return bad | filter_finish(&sizes);
}

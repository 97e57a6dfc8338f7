// Each stage gets the output of the one before; the parent has closed the read
// end by the time the next stage starts, also where the variable still holds it.
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct chain {
  int count, input, output;
  char ***commands;
  pid_t *pids;
};

void chain_start(struct chain *c) {
  int first[2], last_input = -1;
  if (c->input < 0) {
    if (pipe(first) < 0)
      abort();
    last_input = first[0];
    c->input = first[1];
  }
  for (int i = 0; i < c->count; i++) {
    int ends[2], output_read = -1, output_write = -1;
    if (i != c->count - 1 || c->output < 0) {
      if (pipe(ends) < 0)
        abort();
      if (i == c->count - 1)
        c->output = ends[0];
      output_read = ends[0];
      output_write = ends[1];
    }
    pid_t pid = fork();
    if (pid < 0)
      abort();
    if (pid == 0) {
      if (last_input != -1) {
        dup2(last_input, 0);
        close(last_input);
      }
      if (output_write != -1) {
        dup2(output_write, 1);
        close(output_write);
      }
      if (output_read != -1)
        close(output_read);
      if (c->input != -1)
        close(c->input);
      execvp(c->commands[i][0], c->commands[i]);
      _exit(127);
    }
    if (last_input != -1)
      close(last_input);
    if (output_write != -1)
      close(output_write);
    if (output_read != -1)
      last_input = output_read;
    c->pids[i] = pid;
  }
}

int chain_wait(struct chain *c) {
  int status = 0;
  for (int i = 0; i < c->count; i++)
    waitpid(c->pids[i], &status, 0);
  return status;
}

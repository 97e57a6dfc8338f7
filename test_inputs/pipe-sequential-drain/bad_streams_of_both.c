/* Both streams through fdopen; the log first, line by line, then the data. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  pid_t pid;
  FILE *data;
  FILE *log;
} converter_t;

static converter_t *converter_open(char *const argv[]) {
  int out[2], err[2];
  converter_t *c = calloc(1, sizeof *c);
  if (!c)
    return NULL;
  if (pipe2(out, 0) < 0)
    goto fail;
  if (pipe2(err, 0) < 0)
    goto fail_out;
  c->pid = fork();
  if (c->pid < 0)
    goto fail_err;
  if (c->pid == 0) {
    dup2(out[1], STDOUT_FILENO);
    dup2(err[1], STDERR_FILENO);
    close(out[0]);
    close(out[1]);
    close(err[0]);
    close(err[1]);
    execvp(argv[0], argv);
    perror(argv[0]);
    _exit(EXIT_FAILURE);
  }
  close(out[1]);
  close(err[1]);
  c->data = fdopen(out[0], "rb");
  c->log = fdopen(err[0], "r");
  return c;

fail_err:
  close(err[0]);
  close(err[1]);
fail_out:
  close(out[0]);
  close(out[1]);
fail:
  free(c);
  return NULL;
}

static int converter_close(converter_t *c) {
  int status = 0;
  fclose(c->data);
  fclose(c->log);
  while (waitpid(c->pid, &status, 0) < 0 && errno == EINTR)
    ;
  free(c);
  return status;
}

size_t convert(char *const argv[], char *to, size_t room) {
  char *line = NULL;
  size_t capacity = 0, used = 0, n;
  converter_t *c = converter_open(argv);
  if (!c)
    return 0;
  while (getline(&line, &capacity, c->log) > 0) /* the log ends when the converter does */ // expect: pipe-sequential-drain
    if (strncmp(line, "error:", 6) == 0)
      fputs(line, stderr);
  while (used < room && (n = fread(to + used, 1, room - used, c->data)) > 0)
    used += n;
  free(line);
  converter_close(c);
  return used;
}

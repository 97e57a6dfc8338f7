// mount(8)'s words are passed on as they come; then its status is asked for.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_ARGS 16

struct command {
  const char *argv[MAX_ARGS];
  int argc;
  pid_t pid;
  FILE *errors;
};

static void command_add(struct command *c, const char *word) {
  if (c->argc + 1 < MAX_ARGS)
    c->argv[c->argc++] = word;
}

static int command_start(struct command *c) {
  int fds[2];
  if (pipe(fds) == -1)
    return -errno;
  c->argv[c->argc] = NULL;
  c->pid = vfork();
  if (c->pid == -1) {
    int error = errno;
    close(fds[0]);
    close(fds[1]);
    return -error;
  }
  if (c->pid == 0) {
    dup2(fds[1], 2);
    close(fds[0]);
    close(fds[1]);
    execvp(c->argv[0], (char *const *)c->argv);
    _exit(127);
  }
  close(fds[1]);
  c->errors = fdopen(fds[0], "r");
  return c->errors ? 0 : -errno;
}

static int command_wait(struct command *c) {
  int status;
  while (waitpid(c->pid, &status, 0) == -1)
    if (errno != EINTR)
      return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int mount_device(const char *device, const char *folder) {
  struct command c = {.argc = 0};
  char line[256];
  int code;
  command_add(&c, "mount");
  command_add(&c, device);
  command_add(&c, folder);
  if (command_start(&c) < 0)
    return -1;
  while (fgets(line, sizeof line, c.errors))
    fprintf(stderr, "mount: %s", line);
  fclose(c.errors);
  code = command_wait(&c);
  return code;
}

// A command with up to three pipes, as the caller asks: the one for the output is
// read before the wait.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct command {
  const char **argv;
  pid_t pid;
  int in, out, err; /* -1: a pipe is wanted */
  unsigned no_stdin : 1, no_stdout : 1, no_stderr : 1;
};

static void close_pair(int fd[2]) {
  close(fd[0]);
  close(fd[1]);
}

int command_start(struct command *cmd) {
  int need_in, fdin[2], need_out, fdout[2], need_err, fderr[2];
  need_in = !cmd->no_stdin && cmd->in < 0;
  if (need_in) {
    if (pipe(fdin) < 0) {
      return -1;
    }
    cmd->in = fdin[1];
  }
  need_out = !cmd->no_stdout && cmd->out < 0;
  if (need_out) {
    if (pipe(fdout) < 0) {
      if (need_in)
        close_pair(fdin);
      else if (cmd->in)
        close(cmd->in);
      return -1;
    }
    cmd->out = fdout[0];
  }
  need_err = !cmd->no_stderr && cmd->err < 0;
  if (need_err) {
    if (pipe(fderr) < 0) {
      if (need_in)
        close_pair(fdin);
      else if (cmd->in)
        close(cmd->in);
      if (need_out)
        close_pair(fdout);
      else if (cmd->out)
        close(cmd->out);
      return -1;
    }
    cmd->err = fderr[0];
  }

  cmd->pid = fork();
  if (cmd->pid == 0) {
    if (need_in) {
      dup2(fdin[0], 0);
      close_pair(fdin);
    } else if (cmd->in > 0) {
      dup2(cmd->in, 0);
      close(cmd->in);
    }
    if (need_out) {
      dup2(fdout[1], 1);
      close_pair(fdout);
    } else if (cmd->out > 0) {
      dup2(cmd->out, 1);
      close(cmd->out);
    }
    if (need_err) {
      dup2(fderr[1], 2);
      close_pair(fderr);
    } else if (cmd->err > 0) {
      dup2(cmd->err, 2);
      close(cmd->err);
    }

    execvp(cmd->argv[0], (char *const *)cmd->argv);
    _exit(127);
  }
  if (cmd->pid < 0) {
    if (need_in)
      close_pair(fdin);
    else if (cmd->in)
      close(cmd->in);
    if (need_out)
      close_pair(fdout);
    else if (cmd->out)
      close(cmd->out);
    if (need_err)
      close_pair(fderr);
    else if (cmd->err)
      close(cmd->err);

    return -1;
  }
  if (need_in)
    close(fdin[0]);
  else if (cmd->in)
    close(cmd->in);
  if (need_out)
    close(fdout[1]);
  else if (cmd->out)
    close(cmd->out);
  if (need_err)
    close(fderr[1]);
  else if (cmd->err)
    close(cmd->err);

  return 0;
}

int command_finish(struct command *cmd) {
  int status;
  pid_t waiting;
  while ((waiting = waitpid(cmd->pid, &status, 0)) < 0 && errno == EINTR)
    ;
  return waiting < 0 ? -1 : WEXITSTATUS(status);
}

size_t capture(const char **argv, char *text, size_t room) {
  struct command cmd;
  size_t used = 0;
  ssize_t n;
  memset(&cmd, 0, sizeof cmd);
  cmd.argv = argv;
  cmd.out = -1;
  if (command_start(&cmd) < 0)
    return 0;
  while ((n = read(cmd.out, text + used, 4096)) > 0)
    used += (size_t)n;
  close(cmd.out);
  return command_finish(&cmd) == 0 ? used : 0;
}

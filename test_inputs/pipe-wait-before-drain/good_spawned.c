// posix_spawn, read, wait.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(void) {
  char buffer[4096];
  int link[2], status;
  long total = 0;
  pid_t pid;
  posix_spawn_file_actions_t files;
  char *argv[] = {"seq", "1", "30000", NULL};
  if (pipe(link))
    return 1;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addclose(&files, link[0]);
  posix_spawn_file_actions_adddup2(&files, link[1], 1);
  posix_spawn_file_actions_addclose(&files, link[1]);
  if (posix_spawnp(&pid, "seq", &files, NULL, argv, environ) != 0)
    return 1;
  posix_spawn_file_actions_destroy(&files);
  close(link[1]);
  for (ssize_t n; (n = read(link[0], buffer, sizeof buffer)) > 0;)
    total += n;
  waitpid(pid, &status, 0);
  printf("%ld\n", total);
  return 0;
}

// The second fork is of a process that has one thread: what its child does is told with the first one.
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
void *sweep(void *a) {
  for (;;) {
    free(malloc(10));
    sleep(1);
  }
  return a;
}
pid_t fork_named(const char *name) {
  pid_t pid = fork(); // expect: fork-with-threads
  if (pid == 0)
    setenv("NAME", name, 1);
  return pid;
}
static int spawn(void *command) {
  pid_t pid = fork();
  if (pid < 0)
    exit(1);
  if (pid != 0)
    _exit(0);
  free(malloc(5000));
  execl("/bin/sh", "sh", "-c", (char *)command, (char *)0);
  _exit(1);
}
void start(char *command) {
  if (fork_named("daemon") == 0)
    spawn(command);
}
int main(int argc, char **argv) {
  pthread_t t;
  signal(SIGCHLD, SIG_IGN);
  pthread_create(&t, NULL, sweep, NULL);
  for (;;) {
    start(argv[0]);
    sleep(10);
  }
}

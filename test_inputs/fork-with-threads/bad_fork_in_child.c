// The second fork is of a child, which has one thread: what is done in it is told with the first one.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static void *sweep(void *unused) {
  (void)unused;
  for (;;) {
    free(malloc(10));
    sleep(1);
  }
}

static pid_t fork_named(const char *name) {
  pid_t pid = fork(); // expect: fork-with-threads
  if (pid == 0)
    setenv("NAME", name, 1);
  return pid;
}

static void spawn(char *command) {
  pid_t pid = fork();
  if (pid < 0)
    exit(1);
  if (pid != 0)
    _exit(0);
  free(malloc(5000));
  execl("/bin/sh", "sh", "-c", command, (char *)0);
  _exit(1);
}

static void start(char *command) {
  if (fork_named("daemon") == 0)
    spawn(command);
}

int main(int argc, char **argv) {
  (void)argc;
  pthread_t thread;
  signal(SIGCHLD, SIG_IGN);
  if (pthread_create(&thread, NULL, sweep, NULL) != 0)
    return 1;
  for (;;) {
    start(argv[0]);
    sleep(10);
  }
}

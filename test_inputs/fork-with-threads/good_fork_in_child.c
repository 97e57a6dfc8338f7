// A child that forks again, in a helper: it has one thread, so the second child may do anything.
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

static void run_as(const char *name) {
  pid_t pid = fork(); // the fork of a process that has one thread
  if (pid == 0) {
    setenv("NAME", name, 1);
    execl("/bin/true", "true", (char *)0);
    _exit(1);
  }
}

int main(void) {
  pthread_t thread;
  signal(SIGCHLD, SIG_IGN);
  pid_t pid = fork();
  if (pid == 0) {
    run_as("child");
    _exit(0);
  }
  if (pthread_create(&thread, NULL, sweep, NULL) != 0)
    return 1;
  pthread_join(thread, NULL);
  return 0;
}

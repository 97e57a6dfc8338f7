// As bad_same_function.c, but what the child needs is made before the fork.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void *serve(void *argument) {
  for (int i = 0; i < 1000; ++i)
    free(malloc(64));
  return argument;
}

int main(void) {
  pthread_t server;
  int status = 0;
  pthread_create(&server, NULL, serve, NULL);
  char *text = malloc(100);
  snprintf(text, 100, "%d", (int)getpid());
  pid_t pid = fork();
  if (pid == 0) {
    execlp("echo", "echo", text, (char *)NULL);
    _exit(127);
  }
  waitpid(pid, &status, 0); // allow: process-no-timeout
  pthread_join(server, NULL);
  free(text);
  return status;
}

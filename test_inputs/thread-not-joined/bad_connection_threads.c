// A server that starts a thread for each connection into one variable.
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void *serve(void *argument) {
  int *socket = argument;
  close(*socket);
  free(socket);
  return 0;
}

static void *serve_and_exit(void *argument) {
  free(argument);
  pthread_exit(0);
}

int start_exiting(int *client) {
  pthread_t thread;
  return pthread_create(&thread, 0, serve_and_exit, client); // expect: thread-not-joined
}

void accept_all(int listener) {
  pthread_t thread;
  for (;;) {
    int *client = malloc(sizeof *client);
    if (!client)
      continue;
    *client = accept(listener, 0, 0);
    if (pthread_create(&thread, 0, serve, client) != 0) // expect: thread-not-joined
      free(client);
  }
}

int start_one(int *client) {
  pthread_t thread;
  return pthread_create(&thread, 0, serve, client); // expect: thread-not-joined
}

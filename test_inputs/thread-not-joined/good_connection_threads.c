// Detached by attribute, by the starter, by the thread itself; handed to the
// caller; kept in a list; a thread that never ends; joined through a helper.
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct node {
  pthread_t thread;
  struct node *next;
};

static struct node *nodes;
static pthread_t logger;

static void *serve(void *argument) {
  int *socket = argument;
  close(*socket);
  free(socket);
  return 0;
}

static void leave(void) { pthread_detach(pthread_self()); }

static void *serve_alone(void *argument) {
  leave();
  return serve(argument);
}

static void *watch(void *argument) {
  for (;;)
    sleep(1);
  return argument;
}

static void *log_lines(void *argument) { return argument; }

void accept_all(int listener) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  for (;;) {
    int *client = malloc(sizeof *client);
    if (!client)
      continue;
    *client = accept(listener, 0, 0);
    if (pthread_create(&thread, &attributes, serve, client) != 0)
      free(client);
  }
}

void accept_some(int listener, int count) {
  pthread_t thread;
  while (count-- > 0) {
    int *client = malloc(sizeof *client);
    if (!client)
      continue;
    *client = accept(listener, 0, 0);
    if (pthread_create(&thread, 0, serve, client) == 0)
      pthread_detach(thread);
    else
      free(client);
  }
}

int start_alone(int *client) {
  pthread_t thread;
  return pthread_create(&thread, 0, serve_alone, client);
}

int start_for_caller(pthread_t *thread, int *client) { return pthread_create(thread, 0, serve, client); }

int start_kept(int *client) {
  struct node *node = malloc(sizeof *node);
  pthread_t thread;
  if (!node || pthread_create(&thread, 0, serve, client) != 0)
    return -1;
  node->thread = thread;
  node->next = nodes;
  nodes = node;
  return 0;
}

void join_kept(void) {
  for (struct node *node = nodes; node; node = node->next)
    pthread_join(node->thread, 0);
}

void start_watch(void) {
  pthread_t thread;
  pthread_create(&thread, 0, watch, 0);
}

static void end(pthread_t thread) { pthread_join(thread, 0); }

void run_logger(void) {
  if (pthread_create(&logger, 0, log_lines, 0) == 0)
    end(logger);
}

int main(void) {
  pthread_t thread;
  int *client = malloc(sizeof *client);
  if (!client || start_for_caller(&thread, client) != 0)
    return 1;
  start_watch();
  run_logger();
  return pthread_join(thread, 0);
}

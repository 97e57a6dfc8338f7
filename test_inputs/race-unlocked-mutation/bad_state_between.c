/* Both functions ask for the state of a connection, but another thread changes it in
   between: what the caller has seen says nothing. */
#include <pthread.h>
#include <stdlib.h>

enum state { IDLE, READING, CLOSING };

struct connection {
  enum state state;
  pthread_mutex_t lock;
};

static int closed;
static struct connection *shared;

static void step(struct connection *connection) {
  switch (connection->state) {
  case READING:
    break;
  case CLOSING:
    closed++; // expect: race-unlocked-mutation
    break;
  default:
    break;
  }
}

static void *serve(void *argument) {
  struct connection *connection = argument;
  for (int i = 0; i < 1000; i++)
    if (connection->state == READING) // allow: race-stop-flag, race-inconsistent-guard
      step(connection);
  return NULL;
}

static void *watch(void *argument) {
  struct connection *connection = argument;
  pthread_mutex_lock(&connection->lock);
  connection->state = CLOSING; // allow: race-stop-flag, race-inconsistent-guard
  pthread_mutex_unlock(&connection->lock);
  for (int i = 0; i < 1000; i++)
    step(connection);
  return NULL;
}

int main(void) {
  pthread_t server, watcher;
  shared = calloc(1, sizeof(*shared));
  if (!shared || pthread_mutex_init(&shared->lock, NULL))
    return 1;
  shared->state = READING;
  if (pthread_create(&server, NULL, serve, shared) || pthread_create(&watcher, NULL, watch, shared))
    return 1;
  pthread_join(server, NULL);
  pthread_join(watcher, NULL);
  return closed;
}

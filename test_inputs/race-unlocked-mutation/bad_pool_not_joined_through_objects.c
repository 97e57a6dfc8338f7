#include <pthread.h>
#include <stdlib.h>

/* A server reads its settings, starts its workers, and goes on while they run.
   The handles stand in objects that an array of pointers leads to. */
static int time_to_live;
static int minimal;

struct worker {
  int number;
  pthread_t id;
  int answered;
};

struct server {
  int count;
  int reload;
  struct worker **workers;
};

static void *work(void *arg) {
  struct worker *self = arg;
  self->answered = time_to_live + minimal;
  return NULL;
}

static void start_others(struct server *server) {
  for (int i = 1; i < server->count; i++)
    pthread_create(&server->workers[i]->id, NULL, work, server->workers[i]); // allow: thread-not-joined
}

static void serve(struct server *server) {
  start_others(server);
  work(server->workers[0]);
  server->reload--;

}

int main(void) {
  struct server *server = calloc(1, sizeof *server);
  server->count = 4;
  server->reload = 2;
  server->workers = calloc(4, sizeof(struct worker *));
  for (int i = 0; i < 4; i++)
    server->workers[i] = calloc(1, sizeof(struct worker));
  while (server->reload) {
    time_to_live = atoi(getenv("TTL")); // expect: race-unlocked-mutation
    minimal = time_to_live < 30; // expect: race-unlocked-mutation
    serve(server);
  }
  return 0;
}

#include <pthread.h>
#include <stdlib.h>

/* One object, and two threads that serve it: started by two calls of one function,
   or by a loop. */
struct server {
  pthread_t id[2];
  int clients;
};

struct farm {
  pthread_t id[4];
  int answered;
};

static void *serve(void *arg) {
  struct server *server = arg;
  for (int i = 0; i < 10; i++)
    server->clients++; // expect: race-unlocked-mutation
  return NULL;
}

static void begin(struct server *server, int number) { pthread_create(&server->id[number], NULL, serve, server); }

static void *answer(void *arg) {
  struct farm *farm = arg;
  farm->answered++; // expect: race-unlocked-mutation
  return NULL;
}

int main(void) {
  struct server *server = calloc(1, sizeof *server);
  begin(server, 0);
  begin(server, 1);
  for (int i = 0; i < 2; i++)
    pthread_join(server->id[i], NULL);
  free(server);
  struct farm *farm = calloc(1, sizeof *farm);
  for (int i = 0; i < 4; i++)
    pthread_create(&farm->id[i], NULL, answer, farm);
  for (int i = 0; i < 4; i++)
    pthread_join(farm->id[i], NULL);
  free(farm);
  return 0;
}

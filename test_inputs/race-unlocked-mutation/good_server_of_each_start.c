#include <pthread.h>
#include <stdlib.h>

/* Each server has one thread of its own; a program may make as many as it likes. */
struct server {
  pthread_t id;
  int clients;
  int *sockets;
};

static void add(struct server *server, int socket) {
  server->sockets = realloc(server->sockets, sizeof *server->sockets * (server->clients + 1));
  server->sockets[server->clients++] = socket;
}

static void *serve(void *arg) {
  struct server *server = arg;
  for (int i = 0; i < 10; i++)
    add(server, i);
  return NULL;
}

struct server *server_new(void) {
  struct server *server = calloc(1, sizeof *server);
  if (pthread_create(&server->id, NULL, serve, server)) {
    free(server);
    return NULL;
  }
  return server;
}

void server_free(struct server *server) {
  pthread_join(server->id, NULL);
  free(server->sockets);
  free(server);
}

int main(int argc, char **argv) {
  (void)argv;
  struct server **all = calloc(argc, sizeof *all);
  for (int i = 0; i < argc; i++)
    all[i] = server_new();
  for (int i = 0; i < argc; i++)
    if (all[i])
      server_free(all[i]);
  free(all);
  return 0;
}

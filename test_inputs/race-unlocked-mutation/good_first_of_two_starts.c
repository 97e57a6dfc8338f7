// What the first of several threads does, which finds out that it is the first by where
// its own data lies, though more of them may be started later.
#include <pthread.h>
#include <stdlib.h>

struct server {
  pthread_t id;
  int load;
};
static struct server *servers;
static int count, restrictions, isShutDown;
static int idle;

static void *serve(void *argument) {
  int number = (struct server *)argument - servers;
  for (int i = 0; i < 100; i++) {
    if (!number && i > 5)
      restrictions |= 4;
    if (number == 2)
      idle++;
  }
  if (number)
    return NULL;
  isShutDown = 1;
  return NULL;
}

static void startServers(void) {
  servers = calloc(count, sizeof *servers);
  for (int i = 0; i < count; i++)
    pthread_create(&servers[i].id, NULL, serve, &servers[i]);
}

static void startMore(int more) {
  for (int i = count; i < more; i++)
    pthread_create(&servers[i].id, NULL, serve, &servers[i]);
  count = more;
}

int main(int argc, char **argv) {
  (void)argv;
  count = argc;
  startServers();
  startMore(argc + 2);
  for (int i = 0; i < count; i++)
    pthread_join(servers[i].id, NULL);
  free(servers);
  return 0;
}

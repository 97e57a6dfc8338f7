// A number that is not where the data of a thread lies may be another one's, too: both
// loops begin with it.
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
  int number = (int)(long)argument;
  for (int i = 0; i < 100; i++) {
    if (!number && i > 5)
      restrictions |= 4; // expect: race-unlocked-mutation
    if (number == 2)
      idle++; // expect: race-unlocked-mutation
  }
  if (number)
    return NULL;
  isShutDown = 1; // expect: race-unlocked-mutation
  return NULL;
}

static void startServers(void) {
  servers = calloc(count, sizeof *servers);
  for (int i = 0; i < count; i++)
    pthread_create(&servers[i].id, NULL, serve, (void *)(long)i);
}

static void startMore(int more) {
  for (int i = 0; i < more - count; i++)
    pthread_create(&servers[i].id, NULL, serve, (void *)(long)i);
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

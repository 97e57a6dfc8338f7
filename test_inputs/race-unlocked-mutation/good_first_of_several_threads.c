#include <pthread.h>
#include <stdlib.h>

/* Of several workers the first one keeps the clock: what only it touches needs no
   lock. One number comes as the argument, the other stands in the worker. */
static int ticks;
static int rounds;

struct worker {
  pthread_t id;
  int number;
};

static void expire(struct worker *self) {
  if (self->number == 0)
    rounds++;
}

static void *work(void *arg) {
  for (int i = 0; i < 100; i++)
    expire(arg);
  return NULL;
}

static void *keep(void *arg) {
  long number = (long)arg;
  for (int i = 0; i < 100; i++)
    if (!number)
      ticks++;
  if (number)
    return NULL;
  ticks = 0;
  return NULL;
}

int main(int argc, char **argv) {
  (void)argv;
  struct worker *workers = calloc(argc, sizeof *workers);
  for (int i = 0; i < argc; i++) {
    workers[i].number = i;
    pthread_create(&workers[i].id, NULL, work, &workers[i]);
  }
  for (int i = 0; i < argc; i++)
    pthread_join(workers[i].id, NULL);
  pthread_t keepers[4];
  for (long i = 0; i < 4; i++)
    pthread_create(&keepers[i], NULL, keep, (void *)i);
  for (int i = 0; i < 4; i++)
    pthread_join(keepers[i], NULL);
  free(workers);
  return 0;
}

#include <pthread.h>
#include <stdlib.h>

/* The first worker counts, and the others read what it counts; and a mode that all
   workers share chooses none of them. */
static int ticks;
static int shared;

struct worker {
  pthread_t id;
  int number;
  int mode;
};

static void *work(void *arg) {
  struct worker *self = arg;
  for (int i = 0; i < 100; i++) {
    if (self->number == 0)
      ticks++; // expect: race-unlocked-mutation
    else if (ticks > 50)
      break;
    if (self->mode == 1)
      shared++; // expect: race-unlocked-mutation
  }
  return NULL;
}

int main(int argc, char **argv) {
  (void)argv;
  struct worker *workers = calloc(argc, sizeof *workers);
  for (int i = 0; i < argc; i++) {
    workers[i].number = i;
    workers[i].mode = 1;
    pthread_create(&workers[i].id, NULL, work, &workers[i]);
  }
  for (int i = 0; i < argc; i++)
    pthread_join(workers[i].id, NULL);
  free(workers);
  return 0;
}

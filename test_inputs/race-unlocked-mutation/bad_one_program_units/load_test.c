#include "loop.h"
#include <pthread.h>

static long rounds;
static long seconds;

static int cron(void *data) {
  (void)data;
  rounds++;                    // expect: race-unlocked-mutation
  seconds += rounds % 10 == 0; // expect: race-unlocked-mutation
  return rounds < 100000 ? 0 : -1;
}

static void *run(void *arg) {
  struct event_loop *loop = loop_new();
  loop_add(loop, cron, arg);
  loop_run(loop);
  return NULL;
}

int main(void) {
  pthread_t threads[8];
  for (int i = 0; i < 8; i++)
    pthread_create(&threads[i], NULL, run, NULL);
  for (int i = 0; i < 8; i++)
    pthread_join(threads[i], NULL);
  return seconds > 10;
}

// A poller is started again and again; each start waits for the last thread, if there is one.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

struct poller {
  pthread_t thread;
  int started;
  atomic_int quit;
  int period;
  int polls;
};

static void *poll_loop(void *argument) {
  struct poller *poller = argument;
  while (!atomic_load(&poller->quit))
    poller->polls += poller->period;
  return NULL;
}

static void poller_stop(struct poller *poller) {
  if (!poller->started)
    return;
  atomic_store(&poller->quit, 1);
  pthread_join(poller->thread, NULL);
  poller->started = 0;
}

static int poller_start(struct poller *poller, int period) {
  poller_stop(poller);
  atomic_store(&poller->quit, 0);
  poller->period = period;
  if (pthread_create(&poller->thread, NULL, poll_loop, poller))
    return -1;
  poller->started = 1;
  return 0;
}

int main(void) {
  static struct poller poller;
  for (int i = 1; i < 5; i++)
    if (poller_start(&poller, i))
      return 1;
  poller_start(&poller, 9);
  poller_stop(&poller);
  printf("%d\n", poller.polls);
  return 0;
}

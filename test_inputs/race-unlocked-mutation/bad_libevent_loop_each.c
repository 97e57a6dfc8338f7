// needs: libevent-dev
// Each worker has a loop. Their handlers run at the same time, and count in one variable.
#include <event2/event.h>
#include <pthread.h>
#include <stdlib.h>

struct worker {
  pthread_t thread;
  struct event_base *base;
  struct event *tick;
  long ticks;
};

static long total;

static void on_tick(evutil_socket_t socket, short what, void *argument) {
  struct worker *me = argument;
  (void)socket, (void)what;
  total++; // expect: race-unlocked-mutation
  if (++me->ticks == 100)
    event_base_loopbreak(me->base);
}

static void *run(void *argument) {
  struct worker *me = argument;
  struct timeval second = {1, 0};
  me->ticks = 0;
  me->base = event_base_new();
  me->tick = event_new(me->base, -1, EV_PERSIST, on_tick, me);
  event_add(me->tick, &second);
  event_base_dispatch(me->base);
  event_free(me->tick);
  event_base_free(me->base);
  return NULL;
}

int main(void) {
  struct worker *workers = calloc(4, sizeof *workers);
  if (!workers)
    return 1;
  for (int i = 0; i < 4; i++)
    if (pthread_create(&workers[i].thread, NULL, run, &workers[i]) != 0)
      return 1;
  for (int i = 0; i < 4; i++)
    pthread_join(workers[i].thread, NULL);
  free(workers);
  return total < 400;
}

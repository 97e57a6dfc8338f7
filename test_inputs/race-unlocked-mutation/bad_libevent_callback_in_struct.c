// needs: libevent-dev
// A handler calls what its argument says, on the thread of the loop, while a thread counts, too.
#include <event2/event.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct timer {
  struct event *event;
  void (*callback)(void *);
  void *argument;
};

static long ticks;

static void on_event(evutil_socket_t socket, short what, void *argument) {
  struct timer *timer = argument;
  (void)socket, (void)what;
  timer->callback(timer->argument);
}

static struct timer *timer_create_in(struct event_base *base, void (*callback)(void *), void *argument) {
  struct timer *timer = calloc(1, sizeof *timer);
  struct timeval second = {1, 0};
  if (!timer)
    exit(1);
  timer->callback = callback;
  timer->argument = argument;
  timer->event = event_new(base, -1, EV_PERSIST, on_event, timer);
  event_add(timer->event, &second);
  return timer;
}

static void count(void *base) {
  if (++ticks > 100) // expect: race-unlocked-mutation
    event_base_loopbreak(base);
}

static void *serve(void *unused) {
  (void)unused;
  ticks++;
  return NULL;
}

int main(void) {
  pthread_t server;
  struct event_base *base = event_base_new();
  struct timer *counter = timer_create_in(base, count, base);
  if (pthread_create(&server, NULL, serve, NULL) != 0)
    return 1;
  event_base_dispatch(base);
  pthread_join(server, NULL);
  event_free(counter->event);
  free(counter);
  event_base_free(base);
  return 0;
}

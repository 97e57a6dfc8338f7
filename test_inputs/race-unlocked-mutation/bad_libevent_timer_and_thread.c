// needs: libevent-dev
// A timer's handler runs on the thread of the loop, while a thread counts, too.
#include <event2/event.h>
#include <pthread.h>

static int requests;
static struct event *tick;

static void on_tick(evutil_socket_t socket, short what, void *base) {
  (void)socket;
  (void)what;
  if (requests > 1000)
    event_base_loopbreak(base);
  requests = 0;
}

static void *serve(void *unused) {
  (void)unused;
  for (int i = 0; i < 100000; i++)
    requests++; // expect: race-unlocked-mutation
  return NULL;
}

int main(void) {
  pthread_t server;
  struct event_base *base = event_base_new();
  struct timeval second = {1, 0};
  tick = event_new(base, -1, EV_PERSIST, on_tick, base);
  event_add(tick, &second);
  if (pthread_create(&server, NULL, serve, NULL) != 0)
    return 1;
  event_base_dispatch(base);
  pthread_join(server, NULL);
  event_free(tick);
  event_base_free(base);
  return 0;
}

// needs: libevent-dev
// One thread runs the loop, and so all of its handlers: none runs beside another, nor
// beside what that thread does before.
#include <event2/event.h>
#include <event2/listener.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int connections, ticks;
static pthread_mutex_t done_lock = PTHREAD_MUTEX_INITIALIZER;
static int done;

static void on_accept(struct evconnlistener *listener, evutil_socket_t socket, struct sockaddr *address, int length,
                      void *unused) {
  (void)listener, (void)address, (void)length, (void)unused;
  connections++;
  close(socket);
}

static void on_tick(evutil_socket_t socket, short what, void *base) {
  (void)socket, (void)what;
  ticks++;
  printf("%d connections\n", connections);
  connections = 0;
  pthread_mutex_lock(&done_lock);
  if (done)
    event_base_loopbreak(base);
  pthread_mutex_unlock(&done_lock);
}

static void *wait_for_end(void *unused) {
  (void)unused;
  getchar();
  pthread_mutex_lock(&done_lock);
  done = 1;
  pthread_mutex_unlock(&done_lock);
  return NULL;
}

int main(void) {
  pthread_t waiter;
  struct event_base *base = event_base_new();
  struct sockaddr local;
  memset(&local, 0, sizeof local);
  struct evconnlistener *listener =
      evconnlistener_new_bind(base, on_accept, NULL, LEV_OPT_CLOSE_ON_FREE, -1, &local, sizeof local);
  struct event *tick = event_new(base, -1, EV_PERSIST, on_tick, base);
  struct timeval second = {1, 0};
  event_add(tick, &second);
  if (pthread_create(&waiter, NULL, wait_for_end, NULL) != 0)
    return 1;
  connections = 0;
  event_base_dispatch(base);
  pthread_join(waiter, NULL);
  event_free(tick);
  evconnlistener_free(listener);
  event_base_free(base);
  return 0;
}

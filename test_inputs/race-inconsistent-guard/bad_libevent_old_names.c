// needs: libevent-dev
// The old way to register: the workers run the loops and count under a lock, while `main`, which runs none, looks
// without it.
#include <event2/event.h>
#include <event2/event_compat.h>
#include <event2/event_struct.h>
#include <pthread.h>
#include <unistd.h>

struct worker {
  pthread_t thread;
  struct event_base *base;
  struct event readable;
  int pipe;
};

static struct worker workers[4];
static long served;
static pthread_mutex_t served_lock = PTHREAD_MUTEX_INITIALIZER;

static void on_readable(int descriptor, short what, void *argument) {
  struct worker *me = argument;
  char request[64];
  (void)what;
  if (read(descriptor, request, sizeof request) <= 0)
    event_base_loopbreak(me->base);
  pthread_mutex_lock(&served_lock);
  served++;
  pthread_mutex_unlock(&served_lock);
}

static void *run(void *argument) {
  struct worker *me = argument;
  event_base_loop(me->base, 0);
  return NULL;
}

static void start(struct worker *worker, int descriptor) {
  worker->base = event_init();
  worker->pipe = descriptor;
  event_set(&worker->readable, descriptor, EV_READ | EV_PERSIST, on_readable, worker);
  event_base_set(worker->base, &worker->readable);
  event_add(&worker->readable, NULL);
  pthread_create(&worker->thread, NULL, run, worker);
}

int main(void) {
  for (int i = 0; i < 4; i++) {
    int ends[2];
    if (pipe(ends) != 0)
      return 1;
    start(&workers[i], ends[0]);
  }
  while (served < 1000) // expect: race-inconsistent-guard
    sleep(1);
  for (int i = 0; i < 4; i++)
    pthread_join(workers[i].thread, NULL);
  return 0;
}

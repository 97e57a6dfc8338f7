// Threads are started through a wrapper that puts the function into a struct.
// Two functions run at the same time, and take the locks in both orders.
// gap: a wrapper of pthread_create that starts few functions counts as one thread
#include <pthread.h>
#include <stdlib.h>

struct start {
  void *(*run)(void *);
  void *argument;
};

static pthread_mutex_t config_lock = PTHREAD_MUTEX_INITIALIZER, relay_lock = PTHREAD_MUTEX_INITIALIZER;
static int config, relays;

static void *trampoline(void *opaque) {
  struct start *start = opaque;
  void *(*run)(void *) = start->run;
  void *argument = start->argument;
  free(start);
  return run(argument);
}

static int thread_start(void *(*run)(void *), void *argument) {
  struct start *start = malloc(sizeof *start);
  pthread_t thread;
  if (start == NULL)
    return -1;
  start->run = run;
  start->argument = argument;
  if (pthread_create(&thread, NULL, trampoline, start) != 0) {
    free(start);
    return -1;
  }
  return pthread_detach(thread);
}

static void *reload(void *unused) {
  pthread_mutex_lock(&config_lock);
  pthread_mutex_lock(&relay_lock); // expect: lock-order-inversion#two
  relays = config++;
  pthread_mutex_unlock(&relay_lock);
  pthread_mutex_unlock(&config_lock);
  return unused;
}

static void *check(void *unused) {
  pthread_mutex_lock(&relay_lock);
  pthread_mutex_lock(&config_lock); // expect: lock-order-inversion#two
  relays += config;
  pthread_mutex_unlock(&config_lock);
  pthread_mutex_unlock(&relay_lock);
  return unused;
}

int main(void) {
  thread_start(reload, NULL);
  thread_start(check, NULL);
  pthread_exit(NULL);
}

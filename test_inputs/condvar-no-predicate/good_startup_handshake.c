// The same with a flag; and a `goto` that makes the loop.
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int started, steps;

static void *run(void *argument) {
  pthread_mutex_lock(&mutex);
  started = 1;
  pthread_cond_signal(&changed);
again:
  if (steps < 3) {
    pthread_cond_wait(&changed, &mutex);
    goto again;
  }
  pthread_mutex_unlock(&mutex);
  return argument;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, 0, run, 0) != 0)
    return 1;
  pthread_mutex_lock(&mutex);
  while (!started)
    pthread_cond_wait(&changed, &mutex);
  steps = 3;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);
  return pthread_join(thread, 0);
}

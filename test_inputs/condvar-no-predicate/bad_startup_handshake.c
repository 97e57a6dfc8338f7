// The starter waits for its thread without any test: when the thread is faster
// the wake-up is lost.
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t started = PTHREAD_COND_INITIALIZER;

static void *run(void *argument) {
  pthread_mutex_lock(&mutex);
  pthread_cond_signal(&started);
  pthread_mutex_unlock(&mutex);
  return argument;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, 0, run, 0) != 0)
    return 1;
  pthread_mutex_lock(&mutex);
  pthread_cond_wait(&started, &mutex); // expect: condvar-no-predicate
  pthread_mutex_unlock(&mutex);
  return pthread_join(thread, 0);
}

// One wait for each worker, counted by a variable of the function: two wake-ups
// that come together are one.
#include <pthread.h>

struct crew {
  pthread_mutex_t mutex;
  pthread_cond_t done;
  int finished;
};

static void *work(void *argument) {
  struct crew *crew = argument;
  pthread_mutex_lock(&crew->mutex);
  crew->finished++;
  pthread_cond_signal(&crew->done);
  pthread_mutex_unlock(&crew->mutex);
  return 0;
}

int main(void) {
  static struct crew crew = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
  pthread_t threads[4];
  int i;
  pthread_mutex_lock(&crew.mutex);
  for (i = 0; i < 4; i++)
    pthread_create(&threads[i], 0, work, &crew);
  for (i = 0; i < 4; i++)
    pthread_cond_wait(&crew.done, &crew.mutex); // expect: condvar-no-predicate
  pthread_mutex_unlock(&crew.mutex);
  for (i = 0; i < 4; i++)
    pthread_join(threads[i], 0);
}

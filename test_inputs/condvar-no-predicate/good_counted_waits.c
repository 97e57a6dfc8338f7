// The number that finished decides.
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
  for (i = 0; i < 4; i++)
    pthread_create(&threads[i], 0, work, &crew);
  pthread_mutex_lock(&crew.mutex);
  while (crew.finished < 4)
    pthread_cond_wait(&crew.done, &crew.mutex);
  pthread_mutex_unlock(&crew.mutex);
  for (i = 0; i < 4; i++)
    pthread_join(threads[i], 0);
}

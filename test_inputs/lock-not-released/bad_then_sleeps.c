// The lock is forgotten in `take`. That its caller sleeps with it is no defect of its own.
#include <pthread.h>
#include <unistd.h>

struct Queue {
  pthread_mutex_t lock;
  int length, closed;
};

static int take(struct Queue *queue) {
  int result = 0;
  pthread_mutex_lock(&queue->lock); // expect: lock-not-released
  if (queue->closed)
    return -1;
  if (queue->length > 0)
    result = queue->length--;
  pthread_mutex_unlock(&queue->lock);
  return result;
}

static void *work(void *argument) {
  struct Queue *queue = argument;
  for (;;) {
    int job = take(queue);
    if (job <= 0)
      usleep(100000);
  }
  return NULL;
}

int main(void) {
  static struct Queue queue = {PTHREAD_MUTEX_INITIALIZER, 0, 0};
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, work, &queue);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
  return 0;
}

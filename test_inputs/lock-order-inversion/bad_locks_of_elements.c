/* The starter joins the workers while it keeps each one's lock. */
#include <pthread.h>
#include <stdlib.h>

struct worker {
  pthread_mutex_t start;
  pthread_t thread;
  int ready;
};
static struct worker *workers;

static void *work(void *argument) {
  struct worker *mine = argument;
  pthread_mutex_lock(&mine->start);
  mine->ready = 1;
  pthread_mutex_unlock(&mine->start);
  return NULL;
}

static void startAll(int count) {
  workers = calloc(count, sizeof *workers);
  for (int i = 0; i < count; i++) {
    struct worker *one = &workers[i];
    pthread_mutex_init(&one->start, NULL);
    pthread_mutex_lock(&one->start);
    pthread_create(&one->thread, NULL, work, one);
  }
  for (int i = 0; i < count; i++)
    pthread_join(workers[i].thread, NULL); // expect: lock-order-inversion
  for (int i = 0; i < count; i++)
    pthread_mutex_unlock(&workers[i].start);
}

int main(int count, char **arguments) {
  (void)arguments;
  startAll(count);
  free(workers);
  return 0;
}

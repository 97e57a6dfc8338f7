// The local outlives the thread: joined, or the starter waits until the thread
// has copied what it needs.
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

struct start {
  pthread_mutex_t mutex;
  pthread_cond_t copied;
  int done;
  int id;
  sem_t ready;
};

static void *run(void *argument) {
  struct start *start = argument;
  pthread_mutex_lock(&start->mutex);
  int id = start->id;
  start->done = id + 1;
  pthread_cond_signal(&start->copied);
  pthread_mutex_unlock(&start->mutex);
  return 0;
}

static void *run_posted(void *argument) {
  struct start *start = argument;
  sem_post(&start->ready);
  return 0;
}

int start_detached(int id) {
  struct start start = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, id, {{0}}};
  pthread_t thread;
  if (pthread_create(&thread, 0, run, &start) != 0)
    return -1;
  pthread_detach(thread);
  pthread_mutex_lock(&start.mutex);
  while (!start.done)
    pthread_cond_wait(&start.copied, &start.mutex);
  pthread_mutex_unlock(&start.mutex);
  return 0;
}

int start_posted(void) {
  struct start start = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, {{0}}};
  pthread_t thread;
  sem_init(&start.ready, 0, 0);
  if (pthread_create(&thread, 0, run_posted, &start) != 0)
    return -1;
  pthread_detach(thread);
  return sem_wait(&start.ready);
}

int start_joined(int count) {
  struct start starts[4];
  pthread_t threads[4];
  for (int i = 0; i < count; i++) {
    starts[i].id = i;
    pthread_mutex_init(&starts[i].mutex, 0);
    pthread_cond_init(&starts[i].copied, 0);
    if (pthread_create(&threads[i], 0, run, &starts[i]) != 0)
      abort();
  }
  for (int i = 0; i < count; i++)
    pthread_join(threads[i], 0);
  return 0;
}

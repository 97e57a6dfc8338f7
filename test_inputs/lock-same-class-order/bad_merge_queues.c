// Work stealing: a worker takes half of another worker's queue into its own,
// both locked, in the order thief, victim.
#include <pthread.h>

struct queue {
  pthread_mutex_t lock;
  int items[32];
  int count;
};

static struct queue queues[4];

static void steal(struct queue *thief, struct queue *victim) {
  pthread_mutex_lock(&thief->lock);
  if (thief->count == 0) {
    pthread_mutex_lock(&victim->lock); // expect: lock-same-class-order // allow: lock-order-inversion
    while (victim->count > 1 && thief->count < victim->count)
      thief->items[thief->count++] = victim->items[--victim->count];
    pthread_mutex_unlock(&victim->lock);
  }
  pthread_mutex_unlock(&thief->lock);
}

static void *worker(void *argument) {
  long self = (long)argument;
  for (long other = 0; other < 4; ++other)
    if (other != self)
      steal(&queues[self], &queues[other]);
  return 0;
}

int main(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    pthread_mutex_init(&queues[i].lock, 0);
  for (long i = 0; i < 4; ++i)
    pthread_create(&threads[i], 0, worker, (void *)i);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], 0);
}

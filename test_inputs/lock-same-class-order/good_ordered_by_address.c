// Two queues are locked lower address first, in a helper that swaps.
#include <pthread.h>
#include <stdint.h>

struct queue {
  pthread_mutex_t lock;
  int items[32];
  int count;
};

static struct queue queues[4];

static void lock_two(struct queue *a, struct queue *b) {
  if ((uintptr_t)a > (uintptr_t)b) {
    struct queue *swap = a;
    a = b;
    b = swap;
  }
  pthread_mutex_lock(&a->lock);
  pthread_mutex_lock(&b->lock);
}

static void unlock_two(struct queue *a, struct queue *b) {
  pthread_mutex_unlock(&a->lock);
  pthread_mutex_unlock(&b->lock);
}

static void steal(struct queue *thief, struct queue *victim) {
  lock_two(thief, victim);
  while (victim->count > 1 && thief->count < victim->count)
    thief->items[thief->count++] = victim->items[--victim->count];
  unlock_two(thief, victim);
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

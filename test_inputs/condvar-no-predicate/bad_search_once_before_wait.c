#include <pthread.h>

/* The list is searched once: after the wait it may still not be there. */
struct entry {
  long sequence;
  struct entry *next;
};

struct queue {
  pthread_mutex_t mutex;
  pthread_cond_t arrived;
  long sequence;
  struct entry *table[64];
};

void put(struct queue *queue, struct entry *entry) {
  pthread_mutex_lock(&queue->mutex);
  entry->next = queue->table[entry->sequence & 63];
  queue->table[entry->sequence & 63] = entry;
  if (entry->sequence == queue->sequence)
    pthread_cond_signal(&queue->arrived);
  pthread_mutex_unlock(&queue->mutex);
}

struct entry *get(struct queue *queue) {
  struct entry *entry;
  pthread_mutex_lock(&queue->mutex);
  for (entry = queue->table[queue->sequence & 63]; entry; entry = entry->next)
    if (entry->sequence == queue->sequence)
      break;
  if (entry == NULL)
    pthread_cond_wait(&queue->arrived, &queue->mutex); // expect: condvar-no-predicate
  entry = queue->table[queue->sequence & 63];
  queue->sequence++;
  pthread_mutex_unlock(&queue->mutex);
  return entry;
}

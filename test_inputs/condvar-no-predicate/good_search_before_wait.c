#include <pthread.h>

/* Each round searches a list for what has to come next, with a loop of its own,
   and waits when it is not there yet. */
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
  while (1) {
    for (entry = queue->table[queue->sequence & 63]; entry; entry = entry->next)
      if (entry->sequence == queue->sequence)
        break;
    if (entry) {
      queue->sequence++;
      break;
    }
    pthread_cond_wait(&queue->arrived, &queue->mutex);
  }
  pthread_mutex_unlock(&queue->mutex);
  return entry;
}

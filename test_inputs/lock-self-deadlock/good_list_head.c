// A list's head leads to itself when the list is new, and to its elements later.
#include <pthread.h>

struct link {
  struct link *next, *prev;
};

struct item {
  struct link link;
  pthread_mutex_t mutex;
  int count;
};

struct queue {
  pthread_mutex_t mutex;
  struct link items;
};

static void link_init(struct link *head) {
  head->next = head;
  head->prev = head;
}

static void link_between(struct link *added, struct link *prev, struct link *next) {
  next->prev = added;
  added->next = next;
  added->prev = prev;
  prev->next = added;
}

void queue_init(struct queue *queue) {
  pthread_mutex_init(&queue->mutex, 0);
  link_init(&queue->items);
}

void queue_add(struct queue *queue, struct item *item) {
  pthread_mutex_lock(&queue->mutex);
  link_between(&item->link, queue->items.prev, &queue->items);
  pthread_mutex_unlock(&queue->mutex);
}

void queue_count(struct queue *queue) {
  pthread_mutex_lock(&queue->mutex);
  for (struct link *at = queue->items.next; at != &queue->items; at = at->next) {
    struct item *item = (struct item *)at;
    pthread_mutex_lock(&item->mutex);
    item->count++;
    pthread_mutex_unlock(&item->mutex);
  }
  pthread_mutex_unlock(&queue->mutex);
}

// Two lists of one type that play different parts in their owner: they are
// always taken in the order of their parts and cannot change places.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>

struct list {
  pthread_mutex_t mutex;
  int size;
};

struct tree {
  pthread_rwlock_t lock;
  void *root;
};

struct lookahead {
  struct list next, out;
};

struct source {
  struct tree *clients, *pending;
};

static struct tree *tree_new(void) {
  struct tree *t = calloc(1, sizeof(*t));
  pthread_rwlock_init(&t->lock, 0);
  return t;
}

void source_init(struct source *s) {
  s->clients = tree_new(); // allow: race-inconsistent-guard
  s->pending = tree_new(); // allow: race-inconsistent-guard
}

void shift(struct lookahead *l) {
  pthread_mutex_lock(&l->out.mutex);
  pthread_mutex_lock(&l->next.mutex);
  l->out.size += l->next.size;
  pthread_mutex_unlock(&l->next.mutex);
  pthread_mutex_unlock(&l->out.mutex);
}

void admit(struct source *s) {
  pthread_rwlock_wrlock(&s->pending->lock);
  pthread_rwlock_wrlock(&s->clients->lock);
  s->clients->root = s->pending->root;
  pthread_rwlock_unlock(&s->clients->lock);
  pthread_rwlock_unlock(&s->pending->lock);
}

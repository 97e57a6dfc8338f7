// Look-ups that return their object locked, or null: by a pointer to the entry,
// by the key inside it, after waiting for another lock, in a chain of callers.
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

struct entry {
  pthread_rwlock_t lock;
  struct entry *next;
  void *key;
  int id;
};

struct key {
  struct entry entry;
  int value, ttl;
};

struct table {
  pthread_mutex_t lock;
  struct entry *first;
};

static struct entry *find(struct table *t, int id) {
  struct entry *e = t->first;
  while (e && e->id != id)
    e = e->next;
  return e;
}

static struct entry *lookup(struct table *t, int id, int write) {
  pthread_mutex_lock(&t->lock);
  struct entry *e = find(t, id);
  if (e) {
    if (write)
      pthread_rwlock_wrlock(&e->lock);
    else
      pthread_rwlock_rdlock(&e->lock);
  }
  pthread_mutex_unlock(&t->lock);
  return e;
}

struct key *search(struct table *t, int id) {
  struct entry *e = lookup(t, id, 0);
  if (!e)
    return NULL;
  return (struct key *)e->key;
}

/* The entry is reached by the key that it points to. */
int value_of(struct table *t, int id, int now) {
  struct key *k = search(t, id);
  if (k) {
    if (k->ttl < now) {
      pthread_rwlock_unlock(&k->entry.lock);
      return -1;
    }
    int value = k->value;
    pthread_rwlock_unlock(&k->entry.lock);
    return value;
  }
  return -1;
}

/* A new object locked, or the one that is there already. */
struct entry *enter(struct table *t, int id) {
  struct entry *e = calloc(1, sizeof(*e)), *old;
  if (!e)
    return NULL;
  pthread_rwlock_init(&e->lock, NULL);
  e->id = id;
  pthread_mutex_lock(&t->lock);
  pthread_rwlock_wrlock(&e->lock);
  if ((old = find(t, id)) != NULL) {
    pthread_rwlock_unlock(&e->lock);
    pthread_rwlock_wrlock(&old->lock);
    pthread_mutex_unlock(&t->lock);
    free(e);
    return old;
  }
  e->next = t->first;
  t->first = e;
  pthread_mutex_unlock(&t->lock);
  return e;
}

int enter_all(struct table *t, int n) {
  for (int i = 0; i < n; ++i) {
    struct entry *e = enter(t, i);
    if (!e)
      return 0;
    pthread_rwlock_unlock(&e->lock);
  }
  return 1;
}

// The look-up returns its object locked; one user forgets that on a path.
#define _GNU_SOURCE
#include <pthread.h>
#include <stddef.h>

struct entry {
  pthread_rwlock_t lock;
  struct entry *next;
  int id, ttl, value;
};

struct table {
  pthread_mutex_t lock;
  struct entry *slots[64];
};

static struct entry *lookup(struct table *t, int id) {
  pthread_mutex_lock(&t->lock);
  struct entry *e = t->slots[id & 63];
  if (e)
    pthread_rwlock_rdlock(&e->lock); // expect: lock-not-released#value
  pthread_mutex_unlock(&t->lock);
  return e;
}

int value_of(struct table *t, int id, int now) {
  struct entry *e = lookup(t, id); // expect: lock-not-released#value
  if (!e)
    return -1;
  if (e->ttl < now)
    return -1; // expect: lock-not-released#value
  int value = e->value;
  pthread_rwlock_unlock(&e->lock);
  return value;
}

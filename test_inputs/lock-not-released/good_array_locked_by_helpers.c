// One helper locks all elements of an array that it is given, another unlocks
// them; in between there are early returns. And a recursion that gives the
// caller's lock back at its end.
#include <pthread.h>
#include <stddef.h>

struct record {
  pthread_mutex_t lock;
  int value;
};

struct ref {
  struct record *record;
  int id;
};

static int lock_all(struct ref *refs, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (i > 0 && refs[i].record == refs[i - 1].record)
      continue;
    pthread_mutex_lock(&refs[i].record->lock);
  }
  return 1;
}

static void unlock_all(struct ref *refs, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (i > 0 && refs[i].record == refs[i - 1].record)
      continue;
    pthread_mutex_unlock(&refs[i].record->lock);
  }
}

int sum(struct ref *refs, size_t count, int limit) {
  int total = 0;
  lock_all(refs, count);
  for (size_t i = 0; i < count; ++i) {
    total += refs[i].record->value;
    if (total > limit) {
      unlock_all(refs, count);
      return -1;
    }
  }
  unlock_all(refs, count);
  return total;
}

struct transfer {
  pthread_mutex_t lock;
  int tries;
};

static void finish(struct transfer *t);

static void try_again(struct transfer *t) {
  if (t->tries-- > 0)
    finish(t);
  else
    pthread_mutex_unlock(&t->lock);
}

/* Always gives the lock back. */
static void finish(struct transfer *t) {
  if (t->tries & 1)
    try_again(t);
  else
    pthread_mutex_unlock(&t->lock);
}

int notify(struct transfer *t, int allowed) {
  pthread_mutex_lock(&t->lock);
  if (!allowed) {
    pthread_mutex_unlock(&t->lock);
    return 0;
  }
  finish(t);
  return 1;
}

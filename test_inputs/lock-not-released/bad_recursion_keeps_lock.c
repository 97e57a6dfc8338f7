// A recursion that gives the caller's lock back on all ways but one.
#include <pthread.h>

struct transfer {
  pthread_mutex_t lock;
  int tries, broken;
};

static void finish(struct transfer *t);

static void try_again(struct transfer *t) {
  if (t->broken)
    return;
  if (t->tries-- > 0)
    finish(t);
  else
    pthread_mutex_unlock(&t->lock);
}

static void finish(struct transfer *t) {
  if (t->tries & 1)
    try_again(t);
  else
    pthread_mutex_unlock(&t->lock);
}

int notify(struct transfer *t, int allowed) {
  pthread_mutex_lock(&t->lock); // expect: lock-not-released
  if (!allowed) {
    pthread_mutex_unlock(&t->lock);
    return 0;
  }
  finish(t);
  return 1;
}

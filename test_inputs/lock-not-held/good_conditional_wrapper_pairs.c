// Wrappers that lock only under a condition on their argument, and partners that
// unlock under the same one. The condition has several parts, one of them behind
// a predicate.
#include <pthread.h>
#include <stddef.h>

enum mode { MODE_CLIENT, MODE_SERVER };

struct context {
  enum mode mode;
  void *pool;
  int active;
  int need_lock, lock_enabled;
  pthread_mutex_t nonce, jobs, pcm;
  unsigned long counter;
};

static void lock_context(struct context *c) {
  if (c && c->mode == MODE_SERVER)
    pthread_mutex_lock(&c->nonce);
}

static void unlock_context(struct context *c) {
  if (c && c->mode == MODE_SERVER)
    pthread_mutex_unlock(&c->nonce);
}

static int is_threaded(struct context *c) { return c->pool && c->active; }

static void lock_jobs(struct context *c) {
  if (is_threaded(c))
    pthread_mutex_lock(&c->jobs);
}

static void unlock_jobs(struct context *c) {
  if (is_threaded(c))
    pthread_mutex_unlock(&c->jobs);
}

unsigned long next_nonce(struct context *c) {
  lock_context(c);
  unsigned long n = c->counter++; // allow: race-inconsistent-guard
  unlock_context(c);
  return n;
}

int take_job(struct context *c, int wanted) {
  lock_jobs(c);
  if (wanted > 3) {
    unlock_jobs(c);
    return -1;
  }
  c->counter += (unsigned long)wanted;
  unlock_jobs(c);
  return 0;
}

int set_up(struct context *c, int background, int threaded, int size) {
  if (!background || threaded)
    pthread_mutex_lock(&c->pcm);
  c->counter = 0;
  if (size > 10)
    c->counter = 10;
  if (size < 0)
    c->active = 0; // allow: race-unlocked-mutation
  if (!background || threaded)
    pthread_mutex_unlock(&c->pcm);
  return 0;
}

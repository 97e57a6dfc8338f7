// The partner asks less than the wrapper that locked.
#include <pthread.h>
#include <stddef.h>

enum mode { MODE_CLIENT, MODE_SERVER };

struct context {
  enum mode mode;
  int closing;
  pthread_mutex_t nonce;
  unsigned long counter;
};

static void lock_context(struct context *c) {
  if (c && c->mode == MODE_SERVER)
    pthread_mutex_lock(&c->nonce);
}

static void unlock_context(struct context *c) {
  if (c)
    pthread_mutex_unlock(&c->nonce); // expect: lock-not-held
}

unsigned long next_nonce(struct context *c) {
  lock_context(c);
  unsigned long n = c->counter++;
  unlock_context(c);
  return n;
}

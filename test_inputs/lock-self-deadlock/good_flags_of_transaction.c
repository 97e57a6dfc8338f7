// Whether a transaction takes the writer's lock is a bit of its flags, which the
// beginning stores: a copy begins one for reading, resets it, takes the writer's
// lock itself, and renews the transaction.
#include <pthread.h>
#include <stdlib.h>

#define TXN_READ_ONLY 0x20000u
#define TXN_FINISHED 0x01u
#define TXN_BEGIN_FLAGS (TXN_READ_ONLY | 0x40000u)
#define HAS_ALL(word, flags) (((word) & (flags)) == (flags))

struct env {
  pthread_mutex_t write_lock;
  unsigned flags;
  unsigned long last_id;
};

struct txn {
  struct env *env;
  unsigned flags;
  unsigned long id;
};

static int txn_renew(struct txn *txn) {
  struct env *env = txn->env;
  unsigned flags = txn->flags;
  if ((flags &= TXN_READ_ONLY) != 0) {
    txn->id = env->last_id;
  } else {
    if (pthread_mutex_lock(&env->write_lock))
      return 5;
    txn->id = ++env->last_id;
  }
  txn->flags = flags;
  return 0;
}

static void txn_end(struct txn *txn) {
  if (HAS_ALL(txn->flags, TXN_READ_ONLY)) {
    txn->flags |= TXN_FINISHED;
  } else if (!HAS_ALL(txn->flags, TXN_FINISHED)) {
    txn->flags = TXN_FINISHED;
    pthread_mutex_unlock(&txn->env->write_lock);
  }
}

static int txn_begin(struct env *env, unsigned flags, struct txn **result) {
  flags &= TXN_BEGIN_FLAGS;
  flags |= env->flags & 0x80000u;
  struct txn *txn = calloc(1, sizeof *txn);
  if (!txn)
    return 12;
  txn->env = env;
  txn->flags = flags;
  int error = txn_renew(txn);
  if (error) {
    free(txn);
    return error;
  }
  txn->flags |= flags;
  *result = txn;
  return 0;
}

int env_copy(struct env *env, int (*write_pages)(struct env *)) {
  struct txn *txn = NULL;
  int error = txn_begin(env, TXN_READ_ONLY, &txn);
  if (error)
    return error;
  txn_end(txn);
  pthread_mutex_lock(&env->write_lock);
  error = txn_renew(txn);
  pthread_mutex_unlock(&env->write_lock);
  if (!error)
    error = write_pages(env);
  txn_end(txn);
  free(txn);
  return error;
}

int env_write(struct env *env) {
  struct txn *txn = NULL;
  int error = txn_begin(env, 0, &txn);
  if (!error) {
    txn_end(txn);
    free(txn);
  }
  return error;
}

// The pool locks only when it has threads; a reader waits only while jobs are in
// flight, which takes threads.
#include <pthread.h>
#include <stddef.h>

struct pool {
  pthread_mutex_t jobs_lock;
  pthread_cond_t completed;
  int has_threads;
  size_t total, available, done;
  int results[8];
};

static void lock_jobs(struct pool *pool) {
  if (pool->has_threads)
    pthread_mutex_lock(&pool->jobs_lock);
}
static void unlock_jobs(struct pool *pool) {
  if (pool->has_threads)
    pthread_mutex_unlock(&pool->jobs_lock);
}

static int find_result(const struct pool *pool, int wanted) {
  for (size_t i = 0; i < pool->done; ++i)
    if (pool->results[i] == wanted)
      return 1;
  return 0;
}

int next_result(struct pool *pool, int wanted) {
  lock_jobs(pool);
  int found = find_result(pool, wanted);
  while (!found && pool->total - pool->available - pool->done > 0) {
    pthread_cond_wait(&pool->completed, &pool->jobs_lock);
    found = find_result(pool, wanted);
  }
  unlock_jobs(pool);
  return found;
}

void finish_job(struct pool *pool, int result) {
  lock_jobs(pool);
  pool->results[pool->done++ & 7] = result;
  pthread_cond_signal(&pool->completed); // allow: condvar-lost-wakeup
  unlock_jobs(pool);
}

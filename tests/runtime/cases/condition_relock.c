// expect: lock-order-inversion
// The wait takes its mutex again with the inner lock held.
#include "support.h"

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int ready;
static sem_t waits;

static void *waiter(void *unused) {
  pthread_mutex_lock(&m);
  pthread_mutex_lock(&inner);
  signal_to(&waits);
  while (!ready)
    pthread_cond_wait(&c, &m);
  pthread_mutex_unlock(&inner);
  pthread_mutex_unlock(&m);
  return unused;
}
static sem_t done, end;
static void *other(void *unused) {
  lock2(&m, &inner);
  signal_to(&done);
  await(&end);
  return unused;
}

int main(void) {
  sem_init(&waits, 0, 0);
  sem_init(&done, 0, 0);
  sem_init(&end, 0, 0);
  pthread_t first, second;
  MUST(pthread_create(&first, 0, other, 0));
  await(&done);
  MUST(pthread_create(&second, 0, waiter, 0));
  await(&waits);
  pthread_mutex_lock(&m);
  ready = 1;
  pthread_cond_signal(&c);
  pthread_mutex_unlock(&m);
  MUST(pthread_join(second, 0));
  signal_to(&end);
  MUST(pthread_join(first, 0));
}

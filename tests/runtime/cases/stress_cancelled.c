// expect: none
// Threads are cancelled where they wait on a condition, in a join and in a plain
// read with a lock held; clean-up handlers release what they hold. 100 rounds.
#include "support.h"
#include <unistd.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, n = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static sem_t ready;
static int never[2];

static void unlock(void *mutex) { pthread_mutex_unlock((pthread_mutex_t *)mutex); }
static void *on_condition(void *unused) {
  pthread_mutex_lock(&m);
  pthread_cleanup_push(unlock, &m);
  signal_to(&ready);
  while (1)
    pthread_cond_wait(&c, &m);
  pthread_cleanup_pop(1);
  return unused;
}
static void *on_read(void *unused) {
  char byte;
  pthread_mutex_lock(&n);
  pthread_cleanup_push(unlock, &n);
  signal_to(&ready);
  while (read(never[0], &byte, 1) != 1) {
  }
  pthread_cleanup_pop(1);
  return unused;
}
static void cancel(void *(*run)(void *)) {
  pthread_t thread;
  void *result;
  MUST(pthread_create(&thread, 0, run, 0));
  await(&ready);
  pthread_cancel(thread);
  MUST(pthread_join(thread, &result));
  if (result != PTHREAD_CANCELED)
    exit(4);
}

int main(void) {
  sem_init(&ready, 0, 0);
  if (pipe(never) != 0)
    return 3;
  for (int i = 0; i < 100; ++i) {
    cancel(on_condition);
    cancel(on_read);
    lock2(&m, &n);
  }
}

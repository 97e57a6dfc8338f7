// expect: join-holding-lock
// options: halt_on_error=1
// The mutex came back by a condition, but the joined thread waits for it once more.
#include "sleeping.h"
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t again;
static long started;

static void *worker(void *unused) {
  pthread_mutex_lock(&a);
  started = syscall(SYS_gettid);
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&a);
  await(&again);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  return unused;
}

int main(void) {
  sem_init(&again, 0, 0);
  pthread_t thread;
  pthread_mutex_lock(&a);
  MUST(pthread_create(&thread, 0, worker, 0));
  while (!started)
    pthread_cond_wait(&changed, &a);
  signal_to(&again);
  while (!sleeps_on(started, &a))
    sched_yield();
  MUST(pthread_join(thread, 0));
  pthread_mutex_unlock(&a);
}

// expect: join-holding-lock
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static sem_t done;

static void *worker(void *unused) {
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  signal_to(&done);
  return unused;
}

int main(void) {
  sem_init(&done, 0, 0);
  pthread_t thread;
  MUST(pthread_create(&thread, 0, worker, 0));
  await(&done);
  pthread_mutex_lock(&a);
  MUST(pthread_join(thread, 0));
  pthread_mutex_unlock(&a);
}

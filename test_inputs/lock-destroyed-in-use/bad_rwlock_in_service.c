// stop() tells the worker to end and destroys its locks at once, without
// waiting for it; the join is in another function that runs later.
// gap: a thread that another function started into a global handle is not known to be alive
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdatomic.h>

static pthread_rwlock_t table = PTHREAD_RWLOCK_INITIALIZER;
static atomic_int running = 1;
static pthread_t worker;
static int rows;

static void *work(void *unused) {
  while (atomic_load(&running)) {
    pthread_rwlock_wrlock(&table);
    ++rows;
    pthread_rwlock_unlock(&table);
  }
  return unused;
}

static void service_start(void) { pthread_create(&worker, 0, work, 0); }

static void service_stop(void) {
  atomic_store(&running, 0);
  pthread_rwlock_destroy(&table); // expect: lock-destroyed-in-use
}

static void service_wait(void) { pthread_join(worker, 0); }

int main(void) {
  service_start();
  service_stop();
  service_wait();
}

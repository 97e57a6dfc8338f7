// expect: lock-order-inversion
// options: halt_on_error=1
// Both threads hold one lock and want the other: told before the second blocks.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t both;

static void *first(void *unused) {
  pthread_mutex_lock(&a);
  pthread_barrier_wait(&both);
  pthread_mutex_lock(&b);
  return unused;
}
static void *second(void *unused) {
  pthread_mutex_lock(&b);
  pthread_barrier_wait(&both);
  pthread_mutex_lock(&a);
  return unused;
}

int main(void) {
  pthread_barrier_init(&both, 0, 2);
  pthread_t threads[2];
  MUST(pthread_create(&threads[0], 0, first, 0));
  MUST(pthread_create(&threads[1], 0, second, 0));
  MUST(pthread_join(threads[0], 0));
  MUST(pthread_join(threads[1], 0));
}

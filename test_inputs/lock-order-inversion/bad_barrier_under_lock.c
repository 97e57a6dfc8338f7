// Each thread waits for the others with the lock that they need to get there.
// flags: -D_GNU_SOURCE
#include <pthread.h>
static pthread_barrier_t bar;
static pthread_mutex_t mu = PTHREAD_MUTEX_INITIALIZER;
static int sum;
static void *work(void *arg) {
  pthread_mutex_lock(&mu);
  sum += *(int *)arg;
  pthread_barrier_wait(&bar); // expect: lock-order-inversion, lock-blocking-call
  pthread_mutex_unlock(&mu);
  return NULL;
}
int main(void) {
  pthread_t t[4];
  int v[4] = {1, 2, 3, 4};
  pthread_barrier_init(&bar, NULL, 4);
  for (int i = 0; i < 4; i++)
    pthread_create(&t[i], NULL, work, &v[i]);
  for (int i = 0; i < 4; i++)
    pthread_join(t[i], NULL);
  pthread_barrier_destroy(&bar);
  return sum;
}

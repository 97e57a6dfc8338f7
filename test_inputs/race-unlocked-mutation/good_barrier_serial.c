// The one thread that the barrier tells apart adds up what all have counted.
// gap: which thread the barrier tells apart is not known
// flags: -std=gnu17
#include <pthread.h>
#include <stdio.h>
#define THREADS 4
static pthread_barrier_t barrier;
static long sums[THREADS];
static long result;

static void *run(void *argument) {
  long number = (long)argument;
  for (int step = 0; step < 100; step++) {
    sums[number] += step;
    if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) {
      result = 0;
      for (int i = 0; i < THREADS; i++)
        result += sums[i];
    }
    pthread_barrier_wait(&barrier);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[THREADS];
  pthread_barrier_init(&barrier, NULL, THREADS);
  for (long i = 0; i < THREADS; i++)
    if (pthread_create(&threads[i], NULL, run, (void *)i))
      return 1;
  for (int i = 0; i < THREADS; i++)
    pthread_join(threads[i], NULL);
  printf("%ld\n", result);
  return 0;
}

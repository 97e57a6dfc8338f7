// What was set up before the threads is torn down when they have been waited for.
#include <pthread.h>
#include <stdlib.h>

static int *cache;

static int *getCache(void) {
  if (!cache)
    cache = calloc(64, sizeof *cache);
  return cache;
}

static void tearDown(void) {
  free(cache);
  cache = NULL;
}

static void *work(void *argument) {
  long sum = 0;
  for (int i = 0; i < 64; ++i)
    if (getCache())
      sum += getCache()[i];
  return (void *)(sum + (argument != NULL));
}

int main(void) {
  pthread_t threads[2];
  if (!getCache())
    return 1;
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
  tearDown();
  return 0;
}

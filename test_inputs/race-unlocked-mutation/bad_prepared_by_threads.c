// What is set up on first use is set up by the threads: `main` does not use it
// before it has started them.
#include <pthread.h>
#include <stdlib.h>

static int isPrepared;
static int *table;

static void prepare(void) {
  if (isPrepared)
    return;
  table = malloc(16 * sizeof(int)); // expect: race-unlocked-mutation
  isPrepared = 1;                   // expect: race-unlocked-mutation
}

static void *work(void *argument) {
  prepare();
  return argument ? table : NULL;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
  prepare();
  return 0;
}

// What is set up on first use is set up by `main`, which uses it before it starts
// threads; a flag that nobody clears says so.
#include <pthread.h>
#include <stdlib.h>

static int isPrepared;
static int squares[16];
static int *table;

static void prepare(void) {
  if (isPrepared)
    return;
  for (int i = 0; i < 16; ++i)
    squares[i] = i * i;
  table = squares;
  isPrepared = 1;
}

static int square(int i) {
  prepare();
  return table[i & 15];
}

static void *work(void *argument) {
  long sum = 0;
  for (int i = 0; i < 16; ++i)
    sum += square(i);
  return (void *)(sum + (argument != NULL));
}

int main(void) {
  pthread_t threads[2];
  int first = square(1);
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
  return first + square(2);
}

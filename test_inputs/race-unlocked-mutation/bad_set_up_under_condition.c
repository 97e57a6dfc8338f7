// main prepares the table only when it is told to: otherwise each thread may be the first.
#include <pthread.h>
#include <stdlib.h>

static int isPrepared;
static int table[64];

static void prepare(void) {
  if (isPrepared)
    return;
  for (int i = 0; i < 64; ++i)
    table[i] = rand(); // expect: race-unlocked-mutation
  isPrepared = 1;
}

static void begin(int count) {
  if (count > 2)
    prepare();
}

static int look(int i) {
  prepare();
  return table[i & 63];
}

static void *work(void *argument) { return look(3) ? argument : NULL; }

int main(int count, char **arguments) {
  pthread_t threads[4];
  begin(count);
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], NULL, work, arguments[0]);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], NULL);
  return 0;
}

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

/* The threads wait for nothing that the other one says: both look for a start that
   `main` gives; the flag is set before the data is there. */

static atomic_int start, ready;
static int counter, data;

static void *count(void *unused) {
  (void)unused;
  while (!start) {
  }
  for (int i = 0; i < 1000; i++)
    counter++; // expect: race-unlocked-mutation
  return NULL;
}

static void *produce(void *unused) {
  (void)unused;
  ready = 1;
  data = 42; // expect: race-unlocked-mutation
  return NULL;
}

static void *consume(void *unused) {
  (void)unused;
  while (!ready) {
  }
  printf("%d\n", data);
  return NULL;
}

int main(void) {
  pthread_t threads[2], producer, consumer;
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, count, NULL);
  start = 1;
  pthread_create(&producer, NULL, produce, NULL);
  pthread_create(&consumer, NULL, consume, NULL);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  pthread_join(producer, NULL);
  pthread_join(consumer, NULL);
  return counter;
}

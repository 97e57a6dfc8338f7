#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

/* Mutual exclusion by loads and stores alone, and a flag that hands over. */

static atomic_int wants[2], turn, ready;
static int counter, data;

static void enter(int me) {
  wants[me] = 1;
  turn = 1 - me;
  while (wants[1 - me] && turn == 1 - me) {
  }
}

static void leave(int me) { wants[me] = 0; }

static void *count(void *arg) {
  const int me = *(int *)arg;
  for (int i = 0; i < 1000; i++) {
    enter(me);
    counter++;
    leave(me);
  }
  return NULL;
}

static void *produce(void *unused) {
  (void)unused;
  data = 42;
  ready = 1;
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
  int numbers[2] = {0, 1};
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, count, &numbers[i]);
  pthread_create(&producer, NULL, produce, NULL);
  pthread_create(&consumer, NULL, consume, NULL);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], NULL);
  pthread_join(producer, NULL);
  pthread_join(consumer, NULL);
  return counter != 2000;
}

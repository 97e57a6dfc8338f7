// Two barriers: one begins what the thread does, the other one ends it.
// flags: -std=gnu17
#include <pthread.h>
#include <stdio.h>

static pthread_barrier_t start, end;
static int value;

static void *left(void *unused) {
  (void)unused;
  pthread_barrier_wait(&start);
  value = 1;
  pthread_barrier_wait(&end);
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_barrier_init(&start, NULL, 2);
  pthread_barrier_init(&end, NULL, 2);
  if (pthread_create(&thread, NULL, left, NULL))
    return 1;
  value = 5;
  pthread_barrier_wait(&start);
  pthread_barrier_wait(&end);
  printf("%d\n", value);
  value = 0;
  pthread_join(thread, NULL);
  return 0;
}

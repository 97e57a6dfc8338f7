#include <pthread.h>

/* Two threads go through one array from its start. */
static int data[1000];

static void *work(void *argument) {
  (void)argument;
  for (int i = 0; i < 1000; i++)
    data[i]++; // expect: race-unlocked-mutation
  return 0;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, work, 0);
  pthread_create(&b, 0, work, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return data[3];
}

// One thread counts with an atomic builtin, another one with a plain increment: one of the two
// may be lost.
#include <pthread.h>

static long served;

static void *serve(void *argument) {
  for (int i = 0; i < 1000; ++i)
    __sync_fetch_and_add(&served, 1);
  return argument;
}

static void *correct(void *argument) {
  served -= 2; // expect: race-unlocked-mutation
  return argument;
}

int main(void) {
  pthread_t server, corrector;
  pthread_create(&server, NULL, serve, NULL);
  pthread_create(&corrector, NULL, correct, NULL);
  pthread_join(server, NULL);
  pthread_join(corrector, NULL);
  return (int)served;
}

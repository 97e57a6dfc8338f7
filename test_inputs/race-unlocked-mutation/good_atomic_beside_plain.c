// All threads count with atomic builtins; the last change comes after the joins.
#include <pthread.h>

static long served;

static void *serve(void *argument) {
  for (int i = 0; i < 1000; ++i)
    __sync_fetch_and_add(&served, 1);
  return argument;
}

static void *correct(void *argument) {
  __sync_fetch_and_sub(&served, 2);
  return argument;
}

int main(void) {
  pthread_t server, corrector;
  pthread_create(&server, NULL, serve, NULL);
  pthread_create(&corrector, NULL, correct, NULL);
  pthread_join(server, NULL);
  pthread_join(corrector, NULL);
  served -= 2;
  return (int)served;
}

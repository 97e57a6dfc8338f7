// trylock's result is only logged: on failure the lock is not held, but it is
// released all the same.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t device = PTHREAD_MUTEX_INITIALIZER;
static int resets;

void reset_device(void) {
  int busy = pthread_mutex_trylock(&device);
  if (busy)
    fprintf(stderr, "device is busy\n");
  ++resets;
  pthread_mutex_unlock(&device); // expect: lock-not-held
}

int main(void) {
  reset_device();
  return resets;
}

// The result of trylock decides whether there is anything to release; so do a
// flag derived from it and a timed lock's.
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

static pthread_mutex_t device = PTHREAD_MUTEX_INITIALIZER;
static int resets, skipped;

void reset_device(void) {
  if (pthread_mutex_trylock(&device) != 0)
    return;
  ++resets;
  pthread_mutex_unlock(&device);
}

void reset_or_skip(void) {
  bool mine = pthread_mutex_trylock(&device) == 0;
  if (mine)
    ++resets;
  if (mine)
    pthread_mutex_unlock(&device);
}

int reset_until(const struct timespec *until) {
  int status = pthread_mutex_timedlock(&device, until);
  if (!status) {
    ++resets;
    pthread_mutex_unlock(&device);
  }
  return status;
}

int main(void) {
  reset_device();
  reset_or_skip();
  return skipped;
}

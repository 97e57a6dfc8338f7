// expect: none
// A wait with a time-out ends by itself.
#include "support.h"
#include <time.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
  struct timespec deadline;
  clock_gettime(CLOCK_REALTIME, &deadline);
  deadline.tv_sec += 60;
  pthread_mutex_lock(&a);
  MUST(pthread_mutex_timedlock(&b, &deadline));
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  clock_gettime(CLOCK_MONOTONIC, &deadline);
  deadline.tv_sec += 60;
  pthread_mutex_lock(&a);
  MUST(pthread_mutex_clocklock(&b, CLOCK_MONOTONIC, &deadline));
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
}
static void second(void) { lock2(&b, &a); }

int main(void) { IN_TURN(first, second); }

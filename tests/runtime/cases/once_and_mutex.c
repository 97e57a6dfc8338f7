// expect: lock-order-inversion
// match: once flag .flag.
#include "support.h"

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t flag = PTHREAD_ONCE_INIT;

static void initialise(void) {
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
}
static void first(void) { pthread_once(&flag, initialise); }
static void second(void) {
  pthread_mutex_lock(&m);
  pthread_once(&flag, initialise); // done by now, but the threads could have met
  pthread_mutex_unlock(&m);
}

int main(void) { IN_TURN(first, second); }

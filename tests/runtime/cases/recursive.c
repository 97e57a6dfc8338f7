// expect: none
// Taking a recursive mutex again is no order.
#include "support.h"

static pthread_mutex_t r = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, b = PTHREAD_MUTEX_INITIALIZER;

static void twice(void) {
  pthread_mutex_lock(&r);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&r);
  pthread_mutex_unlock(&r);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&r);
}

int main(void) { IN_TURN(twice, twice); }

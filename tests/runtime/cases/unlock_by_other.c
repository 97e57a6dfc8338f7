// expect: unlock-by-non-owner
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { pthread_mutex_lock(&a); }
static void second(void) { pthread_mutex_unlock(&a); }
static void third(void) {
  // Free again, and usable.
  MUST(pthread_mutex_lock(&a));
  MUST(pthread_mutex_unlock(&a));
}
static void nothing(void) {}

int main(void) { IN_TURN(first, second, third, nothing); }

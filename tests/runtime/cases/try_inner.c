// expect: none
// A thread that only tries does not wait.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
  pthread_mutex_lock(&a);
  if (pthread_mutex_trylock(&b) == 0)
    pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
}
static void second(void) { lock2(&b, &a); }

int main(void) { IN_TURN(first, second); }

// expect: none
// The gate is taken after the outer lock, always.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
  pthread_mutex_lock(&gate);
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  pthread_mutex_unlock(&gate);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
}
static void second(void) {
  pthread_mutex_lock(&gate);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&gate);
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
}

int main(void) { IN_TURN(first, second); }

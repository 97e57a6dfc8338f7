// expect: none
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
  pthread_mutex_lock(&gate);
  lock2(&a, &b);
  pthread_mutex_unlock(&gate);
}
static void second(void) {
  pthread_mutex_lock(&gate);
  lock2(&b, &a);
  pthread_mutex_unlock(&gate);
}

int main(void) { IN_TURN(first, second, first, second); }

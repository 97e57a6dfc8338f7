// expect: none
#include "support.h"
#include <gridlock/annotate.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { lock2(&a, &b); }
static void second(void) {
  gridlock_ignore_begin();
  lock2(&b, &a);
  gridlock_ignore_end();
}

int main(void) { IN_TURN(first, second); }

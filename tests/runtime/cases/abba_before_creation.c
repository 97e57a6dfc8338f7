// expect: none
// The main thread takes a, b before the thread exists.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void second(void) { lock2(&b, &a); }

int main(void) {
  lock2(&a, &b);
  IN_TURN(second);
}

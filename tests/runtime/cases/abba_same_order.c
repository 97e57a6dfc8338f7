// expect: none
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void both(void) { lock2(&a, &b); }

int main(void) { IN_TURN(both, both, both); }

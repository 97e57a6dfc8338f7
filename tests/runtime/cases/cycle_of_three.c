// expect: lock-order-inversion
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER, c = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { lock2(&a, &b); }
static void second(void) { lock2(&b, &c); }
static void third(void) { lock2(&c, &a); }

int main(void) { IN_TURN(first, second, third); }

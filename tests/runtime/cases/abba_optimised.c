// expect: lock-order-inversion
// flags: -O2 -fomit-frame-pointer
// match: first .*second
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

__attribute__((noinline)) static void first(void) { lock2(&a, &b); }
__attribute__((noinline)) static void second(void) { lock2(&b, &a); }

int main(void) { IN_TURN(first, second); }

// expect: none
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { lock2(&a, &b); }
static void second(void) { lock2(&b, &a); }

int main(void) { ONE_BY_ONE(first, second, first, second); }

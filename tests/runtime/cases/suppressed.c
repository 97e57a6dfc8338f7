// expect: none
// options: suppressions=suppressed.txt
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void known_and_harmless(void) { lock2(&a, &b); }
static void second(void) { lock2(&b, &a); }

int main(void) { IN_TURN(known_and_harmless, second); }

// expect: unlock-of-unlocked
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;

int main(void) { pthread_mutex_unlock(&a); }

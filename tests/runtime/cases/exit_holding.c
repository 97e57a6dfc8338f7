// expect: thread-exit-holding-lock
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;

static void keep(void) { pthread_mutex_lock(&a); }

int main(void) { ONE_BY_ONE(keep); }

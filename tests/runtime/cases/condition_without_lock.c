// expect: wait-without-lock
#include "support.h"
#include <time.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;

int main(void) {
  struct timespec past = {1, 0};
  pthread_cond_timedwait(&c, &m, &past);
}

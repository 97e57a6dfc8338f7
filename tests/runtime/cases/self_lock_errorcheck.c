// expect: none
// The mutex itself answers; the program looks at the answer.
#include "support.h"

static pthread_mutex_t a = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

int main(void) {
  MUST(pthread_mutex_lock(&a));
  if (pthread_mutex_lock(&a) != EDEADLK)
    return 1;
  MUST(pthread_mutex_unlock(&a));
}

// expect: self-lock
// options: halt_on_error=1
#include "support.h"

static pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER;

int main(void) {
  MUST(pthread_rwlock_rdlock(&a));
  MUST(pthread_rwlock_wrlock(&a)); // waits for itself
}

// expect: none
#include "support.h"

static pthread_rwlock_t a = PTHREAD_RWLOCK_INITIALIZER;

int main(void) {
  MUST(pthread_rwlock_rdlock(&a));
  MUST(pthread_rwlock_rdlock(&a));
  MUST(pthread_rwlock_unlock(&a));
  MUST(pthread_rwlock_unlock(&a));
}

// expect: none
// A robust mutex tells the next owner; here that one repairs it.
#include "support.h"

static pthread_mutex_t a;

static void keep(void) { MUST(pthread_mutex_lock(&a)); }
static void repair(void) {
  if (pthread_mutex_lock(&a) != EOWNERDEAD)
    exit(1);
  MUST(pthread_mutex_consistent(&a));
  MUST(pthread_mutex_unlock(&a));
}

int main(void) {
  pthread_mutexattr_t attributes;
  MUST(pthread_mutexattr_init(&attributes));
  MUST(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST));
  MUST(pthread_mutex_init(&a, &attributes));
  ONE_BY_ONE(keep, repair);
}

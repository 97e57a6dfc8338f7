// expect: self-lock
// A read lock taken twice, on a lock where a waiting writer stops new readers:
// with a writer in between, the second read waits for ever.
#include "support.h"

int main(void) {
  pthread_rwlockattr_t attributes;
  pthread_rwlock_t lock;
  MUST(pthread_rwlockattr_init(&attributes));
  MUST(pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP));
  MUST(pthread_rwlock_init(&lock, &attributes));
  MUST(pthread_rwlock_rdlock(&lock));
  MUST(pthread_rwlock_rdlock(&lock));
  MUST(pthread_rwlock_unlock(&lock));
  MUST(pthread_rwlock_unlock(&lock));
}

/* Two bit-fields that stand side by side are one word: two locks do not do. */
#include <pthread.h>

struct flags {
  unsigned ready : 1;
  unsigned failed : 1;
};
static struct flags flags;
static pthread_mutex_t readyLock = PTHREAD_MUTEX_INITIALIZER, failedLock = PTHREAD_MUTEX_INITIALIZER;

static void *isReady(void *unused) {
  pthread_mutex_lock(&readyLock);
  flags.ready = 1;
  pthread_mutex_unlock(&readyLock);
  return unused;
}

static void *hasFailed(void *unused) {
  pthread_mutex_lock(&failedLock);
  flags.failed = 1; // expect: race-inconsistent-guard
  pthread_mutex_unlock(&failedLock);
  return unused;
}

int main(void) {
  pthread_t one, other;
  pthread_create(&one, 0, isReady, 0);
  pthread_create(&other, 0, hasFailed, 0);
  pthread_join(one, 0);
  pthread_join(other, 0);
  return flags.ready;
}

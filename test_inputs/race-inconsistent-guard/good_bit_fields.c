/* A field between two bit-fields keeps them apart, and reading one while its
   neighbour changes loses nothing. */
#include <pthread.h>

struct flags {
  unsigned ready : 1;
  unsigned char code;
  unsigned failed : 1;
  unsigned verbose : 1;
};
static struct flags flags;
static pthread_mutex_t readyLock = PTHREAD_MUTEX_INITIALIZER, failedLock = PTHREAD_MUTEX_INITIALIZER;

static void *isReady(void *unused) {
  pthread_mutex_lock(&readyLock);
  flags.ready = 1;
  pthread_mutex_unlock(&readyLock);
  return flags.verbose ? unused : 0;
}

static void *hasFailed(void *unused) {
  pthread_mutex_lock(&failedLock);
  flags.failed = 1;
  pthread_mutex_unlock(&failedLock);
  return unused;
}

int main(void) {
  pthread_t one, other;
  flags.verbose = 1;
  pthread_create(&one, 0, isReady, 0);
  pthread_create(&other, 0, hasFailed, 0);
  pthread_join(one, 0);
  pthread_join(other, 0);
  return flags.ready;
}

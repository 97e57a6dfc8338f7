// Recursive by attribute, recursive by initialiser, a read lock taken twice,
// and a try that is allowed to fail: all may be entered again.
// gap: static initialisers of recursive mutexes are not recognised yet
#define _GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t by_initialiser = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t by_attribute, plain = PTHREAD_MUTEX_INITIALIZER;
static pthread_rwlock_t readers = PTHREAD_RWLOCK_INITIALIZER;
static int depth;

static void enter(int levels) {
  pthread_mutex_lock(&by_attribute);
  if (levels > 0)
    enter(levels - 1);
  ++depth;
  pthread_mutex_unlock(&by_attribute);
}

static int peek(void) {
  int value;
  pthread_rwlock_rdlock(&readers);
  value = depth;
  pthread_rwlock_unlock(&readers);
  return value;
}

static int twice(void) {
  int value;
  pthread_rwlock_rdlock(&readers);
  value = peek() + depth;
  pthread_rwlock_unlock(&readers);
  return value;
}

static int probe(void) {
  int busy;
  pthread_mutex_lock(&plain);
  busy = pthread_mutex_trylock(&plain);
  if (busy == 0)
    pthread_mutex_unlock(&plain);
  pthread_mutex_unlock(&plain);
  return busy;
}

int main(void) {
  pthread_mutexattr_t attribute;
  pthread_mutexattr_init(&attribute);
  pthread_mutexattr_settype(&attribute, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&by_attribute, &attribute);
  enter(3);
  pthread_mutex_lock(&by_initialiser);
  pthread_mutex_lock(&by_initialiser);
  pthread_mutex_unlock(&by_initialiser);
  pthread_mutex_unlock(&by_initialiser);
  return twice() + probe();
}

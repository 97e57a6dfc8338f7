// expect: none
// A key destructor of the program still unlocks.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_key_t key;

static void unlock_late(void *argument) { pthread_mutex_unlock((pthread_mutex_t *)argument); }
static void keep(void) {
  pthread_mutex_lock(&a);
  pthread_setspecific(key, &a);
}

int main(void) {
  pthread_key_create(&key, unlock_late);
  ONE_BY_ONE(keep, keep);
}

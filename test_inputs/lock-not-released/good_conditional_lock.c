// Locked only in threaded mode, and released under the same condition; a flag
// that is passed down decides too.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool threaded;
static int value;

int value_add(int by) {
  int result;
  if (threaded)
    pthread_mutex_lock(&lock);
  value += by;
  result = value;
  if (threaded)
    pthread_mutex_unlock(&lock);
  return result;
}

int value_get(bool already_locked) {
  int result;
  if (!already_locked)
    pthread_mutex_lock(&lock);
  result = value;
  if (!already_locked)
    pthread_mutex_unlock(&lock);
  return result;
}

int main(void) {
  threaded = true;
  return value_add(2) - value_get(false);
}

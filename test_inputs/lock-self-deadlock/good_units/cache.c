#include "cache.h"
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int keys[8], values[8];

void cache_put(int key, int value) {
  pthread_mutex_lock(&lock);
  keys[key & 7] = key;
  values[key & 7] = value;
  pthread_mutex_unlock(&lock);
}

int cache_get(int key) {
  int value = 0;
  bool found;
  pthread_mutex_lock(&lock);
  found = keys[key & 7] == key;
  if (found)
    value = values[key & 7];
  pthread_mutex_unlock(&lock);
  return found ? value : source_load(key);
}

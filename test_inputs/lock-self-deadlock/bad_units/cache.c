#include "cache.h"
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int keys[8], values[8];

void cache_put(int key, int value) {
  pthread_mutex_lock(&lock); // expect: lock-self-deadlock#load
  keys[key & 7] = key;
  values[key & 7] = value;
  pthread_mutex_unlock(&lock);
}

int cache_get(int key) {
  int value;
  pthread_mutex_lock(&lock);
  if (keys[key & 7] == key)
    value = values[key & 7];
  else
    value = source_load(key); // expect: lock-self-deadlock#load
  pthread_mutex_unlock(&lock);
  return value;
}

#include "cache.h"

int source_load(int key) {
  int value = key * key;
  cache_put(key, value); // expect: lock-self-deadlock#load
  return value;
}

int main(void) { return cache_get(3) == 9 ? 0 : 1; }

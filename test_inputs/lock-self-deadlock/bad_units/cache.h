#ifndef CACHE_H
#define CACHE_H
int cache_get(int key);
void cache_put(int key, int value);
int source_load(int key);
#endif

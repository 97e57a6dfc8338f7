/* The library's set-up makes an object that all others find, and fills it in: who
   calls it is not known, but it comes first. */
#include <pthread.h>
#include <stdlib.h>

struct registry {
  pthread_mutex_t lock;
  int *entries;
  int count;
};
static struct registry *registry;

int registry_init(int size) {
  registry = malloc(sizeof *registry);
  if (!registry)
    return -1;
  registry->entries = calloc((size_t)size, sizeof *registry->entries);
  registry->count = 0;
  pthread_mutex_init(&registry->lock, NULL);
  return 0;
}

void registry_add(int value) {
  pthread_mutex_lock(&registry->lock);
  registry->entries[registry->count++] = value;
  pthread_mutex_unlock(&registry->lock);
}

int registry_size(void) {
  pthread_mutex_lock(&registry->lock);
  int result = registry->count;
  pthread_mutex_unlock(&registry->lock);
  return result;
}

// The walk collects slots under the lock and visits them afterwards.
#include <pthread.h>
#include <stdbool.h>

#define SLOTS 16
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static int ages[SLOTS];

typedef void (*visitor)(int slot, int age, void *context);

void registry_remove(int slot) {
  pthread_mutex_lock(&registry_lock);
  ages[slot] = 0;
  pthread_mutex_unlock(&registry_lock);
}

void registry_each(visitor visit, void *context) {
  int copy[SLOTS];
  pthread_mutex_lock(&registry_lock);
  for (int slot = 0; slot < SLOTS; ++slot)
    copy[slot] = ages[slot];
  pthread_mutex_unlock(&registry_lock);
  for (int slot = 0; slot < SLOTS; ++slot)
    visit(slot, copy[slot], context);
}

static void count(int slot, int age, void *context) {
  (void)slot;
  if (age)
    ++*(int *)context;
}

static void expire(int slot, int age, void *context) {
  if (age > *(const int *)context)
    registry_remove(slot);
}

int main(void) {
  int used = 0, limit = 3;
  registry_each(count, &used);
  registry_each(expire, &limit);
  return used;
}

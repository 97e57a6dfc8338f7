// A registry walks its entries under its lock and calls a visitor; one of the
// visitors removes entries through the public function.
#include <pthread.h>
#include <stdbool.h>

#define SLOTS 16
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static int ages[SLOTS];

typedef void (*visitor)(int slot, void *context);

void registry_remove(int slot) {
  pthread_mutex_lock(&registry_lock); // expect: lock-self-deadlock#expire
  ages[slot] = 0;
  pthread_mutex_unlock(&registry_lock);
}

void registry_each(visitor visit, void *context) {
  pthread_mutex_lock(&registry_lock);
  for (int slot = 0; slot < SLOTS; ++slot)
    visit(slot, context); // expect: lock-self-deadlock#expire
  pthread_mutex_unlock(&registry_lock);
}

static void count(int slot, void *context) {
  if (ages[slot])
    ++*(int *)context;
}

static void expire(int slot, void *context) {
  if (ages[slot] > *(const int *)context)
    registry_remove(slot); // expect: lock-self-deadlock#expire
}

int main(void) {
  int used = 0, limit = 3;
  registry_each(count, &used);
  registry_each(expire, &limit); // expect: lock-self-deadlock#expire
  return used;
}

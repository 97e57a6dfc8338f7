// A start-up that makes hundreds of calls in one go, each with two outcomes; its threads take a lock.
#include <pthread.h>

int lookUp(int name); // somebody else's

static int last;
static int hits;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int enter(int name) {
  if (lookUp(name) < 0)
    return -1;
  last = name;
  return 0;
}

// clang-format off
#define ENTER8(n) enter(n); enter(n + 1); enter(n + 2); enter(n + 3); enter(n + 4); enter(n + 5); enter(n + 6); enter(n + 7);
#define ENTER64(n) ENTER8(n) ENTER8(n + 8) ENTER8(n + 16) ENTER8(n + 24) ENTER8(n + 32) ENTER8(n + 40) ENTER8(n + 48) ENTER8(n + 56)
// clang-format on

static void enterAll(void) { ENTER64(0) ENTER64(64) ENTER64(128) ENTER64(192) }

static void *count(void *argument) {
  pthread_mutex_lock(&lock);
  hits++;
  pthread_mutex_unlock(&lock);
  return argument;
}

int main(void) {
  pthread_t first, second;
  enterAll();
  pthread_create(&first, 0, count, 0);
  pthread_create(&second, 0, count, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return hits;
}

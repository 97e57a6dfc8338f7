// Structures that are copied under a lock, that belong to one thread, or of which
// another thread uses another one.
#include <pthread.h>
#include <string.h>

struct position {
  int x, y;
};
static struct position where, other;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *sail(void *unused) {
  (void)unused;
  struct position next = {3, 0};
  next.y = 4;
  pthread_mutex_lock(&mutex);
  where = next;
  pthread_mutex_unlock(&mutex);
  memset(&other, 0, sizeof other);
  struct position mine = next;
  mine.x++;
  return 0;
}

int main(void) {
  pthread_t thread;
  struct position at = {0, 0};
  where = at;
  pthread_create(&thread, 0, sail, 0);
  pthread_mutex_lock(&mutex);
  at = where;
  int seen = where.x;
  pthread_mutex_unlock(&mutex);
  at.x += seen;
  pthread_join(thread, 0);
  return at.x + other.x;
}

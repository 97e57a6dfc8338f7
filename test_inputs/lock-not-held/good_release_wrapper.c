// Release functions on their own, called by those who hold; and one that is
// annotated for Clang.
#include <pthread.h>

#if defined(__clang__)
#define RELEASES(lock) __attribute__((release_capability(lock)))
#define ACQUIRES(lock) __attribute__((acquire_capability(lock)))
#define CAPABILITY __attribute__((capability("mutex")))
#else
#define RELEASES(lock)
#define ACQUIRES(lock)
#define CAPABILITY
#endif

struct CAPABILITY lock {
  pthread_mutex_t mutex;
};

void lock_take(struct lock *lock) ACQUIRES(*lock);
void lock_drop(struct lock *lock) RELEASES(*lock);

void lock_take(struct lock *lock) { pthread_mutex_lock(&lock->mutex); }
void lock_drop(struct lock *lock) { pthread_mutex_unlock(&lock->mutex); }

struct table {
  struct lock lock;
  int rows;
};

static struct table *table_open(struct table *table) {
  lock_take(&table->lock);
  return table;
}

static void table_close(struct table *table) { lock_drop(&table->lock); }

int main(void) {
  static struct table table = {{PTHREAD_MUTEX_INITIALIZER}, 0};
  struct table *open = table_open(&table);
  ++open->rows;
  table_close(open);
  return table.rows;
}

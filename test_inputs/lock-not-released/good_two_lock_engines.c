// One of two sets of lock operations is installed at the start. Each releases what it
// took; across the two sets it would not.
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <unistd.h>

struct lock_item {
  void *lock;
  pid_t owner;
};
struct lock_operations {
  void (*rlock)(struct lock_item *item);
  void (*wlock)(struct lock_item *item);
  void (*rwunlock)(struct lock_item *item);
};
static struct lock_operations operations;

static void rlock_thread(struct lock_item *item) { pthread_rwlock_rdlock(item->lock); }
static void wlock_thread(struct lock_item *item) {
  pthread_rwlock_wrlock(item->lock);
  item->owner = getpid();
}
static void rwunlock_thread(struct lock_item *item) {
  item->owner = 0;
  pthread_rwlock_unlock(item->lock);
}

static void change(struct lock_item *item, short by) {
  struct sembuf operation = {0, by, SEM_UNDO};
  semop(*(int *)item->lock, &operation, 1);
}
static void lock_process(struct lock_item *item) {
  change(item, -1);
  item->owner = getpid();
}
static void unlock_process(struct lock_item *item) {
  item->owner = 0;
  change(item, 1);
}

static struct lock_item cache_lock;
static int entries;

static void add(int count) {
  operations.wlock(&cache_lock);
  entries += count;
  operations.rwunlock(&cache_lock);
}

static int size(void) {
  operations.rlock(&cache_lock);
  int result = entries;
  operations.rwunlock(&cache_lock);
  return result;
}

int main(int argc, char **argv) {
  static int set;
  static pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
  if (argc > 1) {
    set = semget(IPC_PRIVATE, 1, 0600);
    cache_lock.lock = &set;
    operations.rlock = operations.wlock = lock_process;
    operations.rwunlock = unlock_process;
  } else {
    cache_lock.lock = &shared;
    operations.rlock = rlock_thread;
    operations.wlock = wlock_thread;
    operations.rwunlock = rwunlock_thread;
  }
  add(argc);
  add(1);
  return size();
}

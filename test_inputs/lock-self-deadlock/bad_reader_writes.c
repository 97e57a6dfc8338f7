// A reader that wants to write, through wrappers. Each acquisition has its
// release: the defect is the second acquisition, and nothing else.
#define _GNU_SOURCE
#include <pthread.h>

struct node {
  pthread_rwlock_t lock;
  int size;
};

static void enter(pthread_rwlock_t *lock, int to_write) {
  if (to_write)
    pthread_rwlock_wrlock(lock);
  else
    pthread_rwlock_rdlock(lock);
}
static void leave(pthread_rwlock_t *lock) { pthread_rwlock_unlock(lock); }

void fill(struct node *node) {
  enter(&node->lock, 0);
  if (node->size == 0) {
    enter(&node->lock, 1); // expect: lock-self-deadlock
    node->size = 1;
    leave(&node->lock);
  }
  leave(&node->lock);
}

// The journal hands out the dirty inode under its lock and flushes it after
// the lock is released.
#include <pthread.h>
#include <stddef.h>

struct inode;
struct operations {
  int (*write)(struct inode *inode, int block);
  int (*flush)(struct inode *inode);
};
struct inode {
  pthread_mutex_t lock;
  const struct operations *operations;
  int block, clean;
};
struct journal {
  pthread_mutex_t lock;
  struct inode *dirty;
};

static struct journal journal = {PTHREAD_MUTEX_INITIALIZER, NULL};

static void journal_mark(struct inode *inode) {
  pthread_mutex_lock(&journal.lock);
  journal.dirty = inode;
  pthread_mutex_unlock(&journal.lock);
}

static int plain_write(struct inode *inode, int block) {
  pthread_mutex_lock(&inode->lock);
  inode->block = block;
  inode->clean = 0;
  journal_mark(inode);
  pthread_mutex_unlock(&inode->lock);
  return 0;
}

static int plain_flush(struct inode *inode) {
  pthread_mutex_lock(&inode->lock);
  inode->clean = 1;
  pthread_mutex_unlock(&inode->lock);
  return 0;
}

static const struct operations plain = {plain_write, plain_flush};

static int journal_checkpoint(void) {
  struct inode *dirty;
  pthread_mutex_lock(&journal.lock);
  dirty = journal.dirty;
  journal.dirty = NULL;
  pthread_mutex_unlock(&journal.lock);
  return dirty ? dirty->operations->flush(dirty) : 0;
}

static void *checkpointer(void *count) {
  for (int i = 0; i < *(const int *)count; ++i)
    journal_checkpoint();
  return NULL;
}

int main(void) {
  static struct inode file = {PTHREAD_MUTEX_INITIALIZER, &plain, 0, 1};
  int rounds = 100;
  pthread_t thread;
  if (pthread_create(&thread, NULL, checkpointer, &rounds))
    return 1;
  for (int i = 0; i < 100; ++i)
    file.operations->write(&file, i);
  pthread_join(thread, NULL);
}

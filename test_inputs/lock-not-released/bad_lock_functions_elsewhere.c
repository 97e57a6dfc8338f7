// The project's own locks, whose functions stand in files that are not looked at.
#include <stddef.h>

typedef struct base_mutex base_mutex_t;
struct base_mutex {
  long words[5];
};
extern void base_mutex_lock(base_mutex_t *mutex);
extern void base_mutex_unlock(base_mutex_t *mutex);

struct fast_latch;
extern void LatchAcquire(struct fast_latch *latch, int mode);
extern void LatchRelease(struct fast_latch *latch);

struct inode;
extern void inode_lock(struct inode *inode);
extern void inode_unlock(struct inode *inode);
extern int inode_write(struct inode *inode, const char *text);

struct lock_functions {
  int (*lock)(unsigned mode, void *lock);
  int (*unlock)(unsigned mode, void *lock);
};
extern struct lock_functions installed;
#define PORT_LOCK(port)                                                                                                \
  do {                                                                                                                 \
    if ((port)->lock)                                                                                                  \
      installed.lock(0, (port)->lock);                                                                                 \
  } while (0)
#define PORT_UNLOCK(port)                                                                                              \
  do {                                                                                                                 \
    if ((port)->lock)                                                                                                  \
      installed.unlock(0, (port)->lock);                                                                               \
  } while (0)

struct channel {
  base_mutex_t mutex;
  struct fast_latch *latch;
  int closed;
};

int channel_close(struct channel *channel) {
  base_mutex_lock(&channel->mutex); // expect: lock-not-released
  if (channel->closed)
    return -1;
  channel->closed = 1;
  base_mutex_unlock(&channel->mutex);
  return 0;
}

int channel_scan(struct channel *channel, int wanted) {
  LatchAcquire(channel->latch, 1); // expect: lock-not-released
  if (wanted < 0)
    return -1;
  LatchRelease(channel->latch);
  return wanted;
}

int append(struct inode *inode, const char *text) {
  inode_lock(inode); // expect: lock-not-released
  int error = inode_write(inode, text);
  if (error)
    return error;
  inode_unlock(inode);
  return 0;
}

struct port {
  void *lock;
  int references;
  int closing;
};
extern void port_free(struct port *port);

void port_close(struct port *port) {
  PORT_LOCK(port); // expect: lock-not-released
  if (--port->references == 0) {
    PORT_UNLOCK(port);
    port_free(port);
  } else {
    port->closing = 1;
  }
}

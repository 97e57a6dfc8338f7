// The device locks only when it is shared. The wait below gives the lock back
// and takes it again through the same pair of wrappers, after code that is not
// known has run.
#include <pthread.h>

struct device {
  pthread_mutex_t lock;
  int locking;
  int shared;
  int pending;
};

void wait_for_interrupt(struct device *d);

static void device_lock(struct device *d) {
  if (d->locking && d->shared)
    pthread_mutex_lock(&d->lock);
}

static void device_unlock(struct device *d) {
  if (d->locking && d->shared)
    pthread_mutex_unlock(&d->lock);
}

static void drain_locked(struct device *d) {
  while (d->pending) {
    device_unlock(d);
    wait_for_interrupt(d);
    device_lock(d);
  }
}

void drain(struct device *d) {
  device_lock(d);
  drain_locked(d);
  device_unlock(d);
}

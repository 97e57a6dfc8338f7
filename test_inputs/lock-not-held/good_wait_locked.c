// Waits with the lock held, in a loop and with a time-out; the lock is held
// again after each, and released once.
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int ready;

int wait_ready(void) {
  pthread_mutex_lock(&lock);
  while (!ready)
    pthread_cond_wait(&changed, &lock);
  ready = 0;
  pthread_mutex_unlock(&lock);
  return 0;
}

int wait_briefly(const struct timespec *until) {
  int status = 0;
  pthread_mutex_lock(&lock);
  while (!ready && status != ETIMEDOUT)
    status = pthread_cond_timedwait(&changed, &lock, until);
  if (status == ETIMEDOUT) {
    pthread_mutex_unlock(&lock);
    return -1;
  }
  pthread_mutex_unlock(&lock);
  return 0;
}

void set_ready(void) {
  pthread_mutex_lock(&lock);
  ready = 1;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
}

int main(void) {
  set_ready();
  return wait_ready();
}

// A lock of two steps: when the second fails, the first is taken back and the
// error number goes to the caller; 0 means that both are held.
#include <pthread.h>

struct pair {
  pthread_mutex_t thread;
  pthread_mutex_t process;
};

static int process_lock(pthread_mutex_t *lock) { return pthread_mutex_lock(lock); }

int pair_lock(struct pair *p) {
  int status = pthread_mutex_lock(&p->thread);
  if (status != 0)
    return status;
  status = process_lock(&p->process);
  if (status != 0)
    pthread_mutex_unlock(&p->thread);
  return status;
}

int pair_unlock(struct pair *p) {
  int status = pthread_mutex_unlock(&p->process);
  int other = pthread_mutex_unlock(&p->thread);
  return status ? status : other;
}

// Nobody calls these, but their results tell: failure without the lock, and the
// main path with it.
#include <pthread.h>
#include <stdbool.h>

struct gate {
  pthread_mutex_t lock;
  bool closed;
  int waiting;
};

int gate_enter(struct gate *gate) {
  pthread_mutex_lock(&gate->lock);
  if (gate->closed) {
    pthread_mutex_unlock(&gate->lock);
    return -1;
  }
  return 0;
}

bool gate_try(struct gate *gate) {
  pthread_mutex_lock(&gate->lock);
  if (gate->waiting) {
    pthread_mutex_unlock(&gate->lock);
    return false;
  }
  return true;
}

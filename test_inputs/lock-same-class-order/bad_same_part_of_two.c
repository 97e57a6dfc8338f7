// The same part of two owners: the call with the owners exchanged deadlocks.
#include <pthread.h>

struct list {
  pthread_mutex_t mutex;
  int size;
};

struct lookahead {
  struct list next, out;
};

void steal(struct lookahead *from, struct lookahead *to) {
  pthread_mutex_lock(&to->out.mutex); // expect: lock-same-class-order#pair
  pthread_mutex_lock(&from->out.mutex); // expect: lock-same-class-order#pair
  to->out.size += from->out.size;
  pthread_mutex_unlock(&from->out.mutex);
  pthread_mutex_unlock(&to->out.mutex);
}

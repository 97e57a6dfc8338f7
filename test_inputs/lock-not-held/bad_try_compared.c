// `pthread_mutex_trylock` returns 0 or a positive error number: a test for "not
// negative" is always true, and the unlock comes without the lock.
#include <pthread.h>

struct meter {
  pthread_mutex_t update;
  long level;
};

static void refresh(struct meter *m, long now) {
  int locked = pthread_mutex_trylock(&m->update) >= 0;
  m->level = now;
  if (locked)
    pthread_mutex_unlock(&m->update); // expect: lock-not-held
}

static long level(struct meter *m) {
  pthread_mutex_lock(&m->update);
  long level = m->level;
  pthread_mutex_unlock(&m->update);
  return level;
}

int main(void) {
  static struct meter m = {PTHREAD_MUTEX_INITIALIZER, 0};
  refresh(&m, 3);
  return (int)level(&m);
}

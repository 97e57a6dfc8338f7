// Helpers that expect their callers to hold the lock.
#include <pthread.h>

struct pump {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int level;
};

static void set_level(struct pump *pump, int level) { pump->level = level; }

static void wake(struct pump *pump) { pthread_cond_broadcast(&pump->changed); }

static void raise_and_wake(struct pump *pump) {
  pump->level = 10;
  pthread_cond_broadcast(&pump->changed);
}

void pump_raise(struct pump *pump) {
  pthread_mutex_lock(&pump->lock);
  set_level(pump, 10);
  pthread_mutex_unlock(&pump->lock);
  wake(pump);
}

void pump_reset(struct pump *pump) {
  pthread_mutex_lock(&pump->lock);
  raise_and_wake(pump);
  pthread_mutex_unlock(&pump->lock);
}

void *pump_run(void *argument) {
  struct pump *pump = argument;
  pthread_mutex_lock(&pump->lock);
  while (pump->level < 10)
    pthread_cond_wait(&pump->changed, &pump->lock);
  pthread_mutex_unlock(&pump->lock);
  return 0;
}

int main(void) {
  static struct pump pump = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
  pthread_t thread;
  pthread_create(&thread, 0, pump_run, &pump);
  pump_raise(&pump);
  pump_reset(&pump);
  return pthread_join(thread, 0);
}

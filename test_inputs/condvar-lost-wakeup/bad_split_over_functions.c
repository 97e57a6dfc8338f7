// The change stands in one helper, the wake-up in another; nobody holds the
// lock of the thread that waits.
#include <pthread.h>

struct pump {
  pthread_mutex_t lock;
  pthread_mutex_t settings_lock;
  pthread_cond_t changed;
  int level;
  int closing;
};

static void set_level(struct pump *pump, int level) {
  pthread_mutex_lock(&pump->settings_lock);
  pump->level = // allow: race-unlocked-mutation, race-inconsistent-guard
      level; // expect: condvar-lost-wakeup#level
  pthread_mutex_unlock(&pump->settings_lock);
}

static void wake(struct pump *pump) {
  pthread_cond_broadcast(&pump->changed); // expect: condvar-lost-wakeup#level
}

void pump_raise(struct pump *pump) {
  set_level(pump, 10); // expect: condvar-lost-wakeup#level
  wake(pump);          // expect: condvar-lost-wakeup#level
}

void pump_close(struct pump *pump) {
  pthread_mutex_lock(&pump->lock);
  pump->closing = 1;
  pthread_mutex_unlock(&pump->lock);
  wake(pump);
}

void *pump_run(void *argument) {
  struct pump *pump = argument;
  pthread_mutex_lock(&pump->lock);
  while (pump->level < 10 && !pump->closing) // allow: race-inconsistent-guard
    pthread_cond_wait(&pump->changed, &pump->lock);
  pthread_mutex_unlock(&pump->lock);
  return 0;
}

int main(void) {
  static struct pump pump = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};
  pthread_t thread;
  pthread_create(&thread, 0, pump_run, &pump);
  pump_raise(&pump);
  pump_close(&pump);
  return pthread_join(thread, 0);
}

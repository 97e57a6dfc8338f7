// A reload handler takes the configuration's lock, through a helper.
#include <pthread.h>
#include <signal.h>

static pthread_mutex_t config_lock = PTHREAD_MUTEX_INITIALIZER;
static int generation;

static void config_touch(void) {
  pthread_mutex_lock(&config_lock); // expect: lock-in-signal-handler#touch
  ++generation;
  pthread_mutex_unlock(&config_lock);
}

static void on_hangup(int number) {
  (void)number;
  config_touch(); // expect: lock-in-signal-handler#touch
}

int main(void) {
  signal(SIGHUP, on_hangup); // expect: lock-in-signal-handler#touch
  config_touch();
  return generation;
}

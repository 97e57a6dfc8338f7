// The handler sets a flag, and the main loop does the work.
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static pthread_mutex_t config_lock = PTHREAD_MUTEX_INITIALIZER;
static volatile sig_atomic_t hangup, quit;
static int generation;

static void config_touch(void) {
  pthread_mutex_lock(&config_lock);
  ++generation;
  pthread_mutex_unlock(&config_lock);
}

static void on_hangup(int number) {
  (void)number;
  hangup = 1;
}

static void on_quit(int number) {
  (void)number;
  quit = 1;
}

int main(void) {
  signal(SIGHUP, on_hangup);
  signal(SIGTERM, on_quit);
  while (!quit) {
    pause();
    if (hangup) {
      hangup = 0;
      config_touch();
    }
  }
  return generation;
}

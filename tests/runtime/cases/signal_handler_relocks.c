// expect: self-lock
// options: halt_on_error=1
#include "support.h"
#include <signal.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;

static void handler(int unused) {
  (void)unused;
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
}

int main(void) {
  signal(SIGUSR1, handler);
  pthread_mutex_lock(&a);
  raise(SIGUSR1);
  pthread_mutex_unlock(&a);
}

// expect: none
// 4,000 signals hit threads that take locks; the handlers take locks of their
// own kind, never one that the interrupted code may hold.
#include "support.h"
#include <signal.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t of_handlers = PTHREAD_MUTEX_INITIALIZER;
static sem_t end;
static int handled;

static void handler(int number) {
  int saved = errno;
  (void)number;
  if (pthread_mutex_trylock(&of_handlers) == 0)
    pthread_mutex_unlock(&of_handlers);
  __atomic_fetch_add(&handled, 1, __ATOMIC_RELAXED);
  errno = saved;
}
static void *busy(void *unused) {
  while (sem_trywait(&end) != 0)
    lock2(&a, &b);
  return unused;
}

int main(void) {
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR1, &action, 0);
  sem_init(&end, 0, 0);
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    MUST(pthread_create(&threads[i], 0, busy, 0));
  for (int i = 0; i < 4000; ++i)
    MUST(pthread_kill(threads[i % 4], SIGUSR1));
  for (int i = 0; i < 4; ++i)
    sem_post(&end);
  for (int i = 0; i < 4; ++i)
    MUST(pthread_join(threads[i], 0));
  return __atomic_load_n(&handled, __ATOMIC_RELAXED) > 0 ? 0 : 4;
}

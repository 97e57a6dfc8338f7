// All signals are blocked and one thread takes them with sigwait: no handler,
// so it may lock and print.
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <signal.h>
#include <stdio.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int received;

static void *signal_loop(void *argument) {
  const sigset_t *set = argument;
  int number;
  while (sigwait(set, &number) == 0 && number != SIGTERM) {
    pthread_mutex_lock(&lock);
    ++received;
    printf("signal %d\n", number);
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

int main(void) {
  sigset_t set;
  pthread_t thread;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigaddset(&set, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  pthread_create(&thread, NULL, signal_loop, &set);
  pthread_kill(thread, SIGTERM);
  pthread_join(thread, NULL);
  return received;
}

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* A worker that meets what cannot be reports it, with statistics that nobody
   protects. The report ends the program or raises a signal, as it is told. */
static int crashes;
static int exits_on_panic;

static void end_report(int by_signal) {
  if (!by_signal) {
    if (exits_on_panic)
      _Exit(1);
    abort();
  }
  printf("raise the signal again\n");
}

static void panic_(const char *message) {
  crashes++;
  printf("%s: %d\n", message, crashes);
  end_report(0);
}
#define panic(message) panic_(message), __builtin_unreachable()

static void *work(void *arg) {
  long kind = (long)arg;
  if (kind > 8)
    panic("wrong kind of job");
  return NULL;
}

int main(int argc, char **argv) {
  exits_on_panic = argv[0] != NULL;
  pthread_t workers[4];
  for (long i = 0; i < 4; i++)
    pthread_create(&workers[i], NULL, work, (void *)(i * argc));
  for (int i = 0; i < 4; i++)
    pthread_join(workers[i], NULL);
  return 0;
}

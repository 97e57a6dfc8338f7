#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* The report of a crash reads whatever it can get: the program ends anyway. */
static long requests;

static void report(const char *why) {
  fprintf(stderr, "%s after %ld requests\n", why, requests);
}

static void panic(const char *why) {
  report(why);
  abort();
}

static void *background(void *arg) {
  int kind = *(int *)arg;
  if (kind > 3)
    panic("unknown kind of job");
  if (kind < 0) {
    report("negative kind of job");
    exit(1);
  }
  return NULL;
}

int main(void) {
  static int kind;
  pthread_t thread;
  pthread_create(&thread, NULL, background, &kind);
  for (int i = 0; i < 1000; i++)
    requests++;
  pthread_join(thread, NULL);
  return 0;
}

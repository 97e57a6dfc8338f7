#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

/* The report is for statistics, and the program goes on. */
static long requests;

static void report(const char *why) {
  fprintf(stderr, "%s after %ld requests\n", why, requests);
}

static void complain(const char *why) {
  report(why);
  if (getenv("STRICT"))
    abort();
}

static void *background(void *arg) {
  int kind = *(int *)arg;
  if (kind > 3)
    complain("unknown kind of job");
  return NULL;
}

int main(void) {
  static int kind;
  pthread_t thread;
  pthread_create(&thread, NULL, background, &kind);
  for (int i = 0; i < 1000; i++)
    requests++; // expect: race-unlocked-mutation
  pthread_join(thread, NULL);
  return 0;
}

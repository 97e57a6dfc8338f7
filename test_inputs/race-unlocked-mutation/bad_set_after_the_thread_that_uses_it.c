#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* The crawler runs before the table is made. */
static int *table;
static unsigned power;

static void *crawl(void *arg) {
  (void)arg;
  return &table[power];
}

static void make_table(unsigned bits) {
  power = bits;                              // expect: race-unlocked-mutation
  table = calloc(1u << power, sizeof(int)); // expect: race-unlocked-mutation
}

int main(void) {
  pthread_t crawler;
  pthread_create(&crawler, NULL, crawl, NULL);
  make_table(16);
  pthread_join(crawler, NULL);
  return 0;
}

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* The logger runs first, but starts nothing. The table is made before the
   workers run, and only they start crawlers, which use it. */
static int *table;
static unsigned power;

static void *log_lines(void *arg) {
  (void)arg;
  for (;;)
    sleep(1);
}

static void *crawl(void *arg) {
  (void)arg;
  int found = 0;
  for (unsigned i = 0; i < 1u << power; i++)
    found += table[i] != 0;
  return found ? &table[0] : NULL;
}

static void *work(void *arg) {
  char command;
  while (read(*(int *)arg, &command, 1) == 1)
    if (command == 'c') {
      pthread_t crawler;
      if (pthread_create(&crawler, NULL, crawl, NULL) == 0)
        pthread_detach(crawler);
    }
  return NULL;
}

static void make_table(unsigned bits) {
  power = bits;
  table = calloc(1u << power, sizeof(int));
}

int main(void) {
  static int input = 0;
  pthread_t logger, worker;
  pthread_create(&logger, NULL, log_lines, NULL);
  make_table(16);
  pthread_create(&worker, NULL, work, &input);
  pthread_join(worker, NULL);
  return 0;
}

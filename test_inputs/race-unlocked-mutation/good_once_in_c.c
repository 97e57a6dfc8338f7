/* What an initialiser that runs once wrote, everybody reads who came by. */
#include <pthread.h>
#include <stdlib.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int *table;

static void init(void) {
  table = calloc(10, sizeof *table);
  table[0] = 1;
}

static void *worker(void *unused) {
  pthread_once(&once, init);
  return table[0] ? unused : 0;
}

int main(void) {
  pthread_t one, other;
  pthread_create(&one, 0, worker, 0);
  pthread_create(&other, 0, worker, 0);
  pthread_join(one, 0);
  pthread_join(other, 0);
  return 0;
}

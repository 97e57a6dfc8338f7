#include "loop.h"
#include "table.h"
#include <pthread.h>

static void *run(void *arg) {
  struct event_loop *loop = loop_new();
  loop->stop = table_size(*(int *)arg);
  loop_run(loop);
  return NULL;
}

int main(void) {
  pthread_t threads[8];
  static int stopped = 1;
  for (int i = 0; i < 8; i++)
    pthread_create(&threads[i], NULL, run, &stopped);
  for (int i = 0; i < 8; i++)
    pthread_join(threads[i], NULL);
  return 0;
}

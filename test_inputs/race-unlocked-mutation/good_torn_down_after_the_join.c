#include <pthread.h>
#include <stdlib.h>

/* Which threads there are depends on the options, and so does who is waited for;
   what they use is torn down at the end. */
struct queue {
  int count;
  pthread_t *consumers;
};
static int *table;

static void *consume(void *arg) {
  struct queue *queue = arg;
  queue->count += table[0];
  return NULL;
}

int main(int argc, char **argv) {
  struct queue *queue = calloc(1, sizeof *queue);
  queue->consumers = calloc(1, sizeof(pthread_t));
  table = calloc(64, sizeof(int));
  int with_threads = 1, failed = 0;
  for (int file = 1; file < argc; file++) {
    if (argv[file][0] == '-')
      with_threads = 0;
    if (with_threads) {
      if (pthread_create(&queue->consumers[0], NULL, consume, queue) != 0)
        return 1;
    } else {
      table[file % 64]++;
    }
    if (with_threads)
      failed = pthread_join(queue->consumers[0], NULL);
    if (failed)
      break;
  }
  free(table);
  table = NULL;
  return failed;
}

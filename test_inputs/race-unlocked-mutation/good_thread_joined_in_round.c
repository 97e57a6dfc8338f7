#include <pthread.h>
#include <stdlib.h>

/* Threads are used, and waited for, under one condition that is far from both. */
static int block_size;

static void *compress(void *file) {
  (void)file;
  return malloc((size_t)block_size);
}

int main(int argc, char **argv) {
  int no_threads = getenv("PLAIN") != NULL;
  for (int i = 1; i < argc; i++) {
    pthread_t worker;
    int switched = 0;
    block_size = atoi(argv[i]);
    if (block_size < 100)
      no_threads = 1;
    if (no_threads == 0) {
      if (pthread_create(&worker, NULL, compress, argv[i]) != 0)
        return 1;
      if (block_size == 900) {
        no_threads = 1;
        switched = 1;
      }
    } else {
      compress(argv[i]);
    }
    if (no_threads == 0 || switched)
      pthread_join(worker, NULL);
  }
  return 0;
}

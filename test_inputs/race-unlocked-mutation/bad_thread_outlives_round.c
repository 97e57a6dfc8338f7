#include <pthread.h>
#include <stdlib.h>

/* Each round sets up the block size and starts a worker that reads it. Nobody
   waits for the worker of the round before. */
static int block_size;

static void *compress(void *file) {
  (void)file;
  return malloc((size_t)block_size);
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    pthread_t worker;
    block_size = atoi(argv[i]); // expect: race-unlocked-mutation
    if (pthread_create(&worker, NULL, compress, argv[i]) == 0)
      pthread_detach(worker);
  }
  return 0;
}

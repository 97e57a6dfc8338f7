#include <pthread.h>
#include <stdlib.h>

/* The worker of the round before is waited for first; what is set after the next
   one has started is set beside it. */
static int block_size;
static int limit;

static void *compress(void *file) {
  (void)file;
  return malloc((size_t)(block_size < limit ? block_size : limit));
}

int main(int argc, char **argv) {
  pthread_t worker;
  int running = 0;
  for (int i = 1; i < argc; i++) {
    if (running)
      pthread_join(worker, NULL);
    running = 0;
    block_size = atoi(argv[i]);
    if (pthread_create(&worker, NULL, compress, argv[i]) != 0)
      return 1;
    running = 1;
    limit = block_size * 2; // expect: race-unlocked-mutation
  }
  if (running)
    pthread_join(worker, NULL);
  return 0;
}

// The object exists, and still one of the ways gives back what it never took.
#include <pthread.h>
#include <stdlib.h>

struct latch {
  pthread_mutex_t mutex;
  int used;
};

static void latch_unlock(struct latch *latch) {
  if (latch)
    pthread_mutex_unlock(&latch->mutex); // expect: lock-not-held
}

int main(int argc, char **argv) {
  (void)argv;
  struct latch *latch = calloc(1, sizeof *latch);
  if (!latch)
    return 1;
  pthread_mutex_init(&latch->mutex, NULL);
  if (argc > 1) {
    pthread_mutex_lock(&latch->mutex);
    latch->used++;
  }
  latch_unlock(latch);
  free(latch);
}

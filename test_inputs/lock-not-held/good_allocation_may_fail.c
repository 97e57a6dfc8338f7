// Wrappers that do nothing for a null pointer: where the allocation failed, neither
// of them touches a lock.
#include <pthread.h>
#include <stdlib.h>

struct latch {
  pthread_mutex_t mutex;
};

static struct latch *latch_new(void) {
  struct latch *latch = calloc(1, sizeof *latch);
  if (latch)
    pthread_mutex_init(&latch->mutex, NULL);
  return latch;
}

static int latch_lock(struct latch *latch) {
  if (latch == NULL)
    return 0;
  return pthread_mutex_lock(&latch->mutex) == 0 ? 0 : -1;
}

static void latch_unlock(struct latch *latch) {
  if (latch)
    pthread_mutex_unlock(&latch->mutex);
}

int main(void) {
  struct latch *latch = latch_new();
  pthread_mutex_t *plain = malloc(sizeof *plain);
  if (plain)
    pthread_mutex_init(plain, NULL);
  latch_lock(latch);
  if (plain)
    pthread_mutex_lock(plain);
  if (plain)
    pthread_mutex_unlock(plain);
  latch_unlock(latch);
  free(plain);
  free(latch);
}

// Each lock is an object of its own, kept behind a pointer of the handle,
// and all threads take them in one order.
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
struct lock {
  void *priv;
};
struct ilck {
  unsigned magic;
  pthread_mutex_t mtx;
  int held;
  const char *w;
};
#define CAST(to, from)                                                                                                 \
  do {                                                                                                                 \
    (to) = (from);                                                                                                     \
    assert((to) != NULL);                                                                                              \
    assert((to)->magic == 0x1234);                                                                                     \
  } while (0)
void lck_new(struct lock *lck, const char *w) {
  struct ilck *ilck = calloc(1, sizeof *ilck);
  assert(ilck != NULL);
  ilck->magic = 0x1234;
  ilck->w = w;
  assert(pthread_mutex_init(&ilck->mtx, NULL) == 0);
  lck->priv = ilck;
}
void lck_lock(struct lock *lck) {
  struct ilck *ilck;
  CAST(ilck, lck->priv);
  int r = pthread_mutex_lock(&ilck->mtx);
  assert(r == 0);
  ilck->held = 1;
}
void lck_unlock(struct lock *lck) {
  struct ilck *ilck;
  CAST(ilck, lck->priv);
  ilck->held = 0;
  int r = pthread_mutex_unlock(&ilck->mtx);
  assert(r == 0);
}
static struct lock cache_mtx, ban_mtx;
static int n_objects, n_bans;
static void *expire(void *a) {
  lck_lock(&cache_mtx);
  n_objects--;
  lck_lock(&ban_mtx);
  n_bans--;
  lck_unlock(&ban_mtx);
  lck_unlock(&cache_mtx);
  return a;
}
static void *ban(void *a) {
  lck_lock(&cache_mtx);
  lck_lock(&ban_mtx);
  n_bans++;
  n_objects++;
  lck_unlock(&ban_mtx);
  lck_unlock(&cache_mtx);
  return a;
}
int main(void) {
  pthread_t t[2];
  lck_new(&cache_mtx, "cache");
  lck_new(&ban_mtx, "ban");
  pthread_create(&t[0], NULL, expire, NULL);
  pthread_create(&t[1], NULL, ban, NULL);
  pthread_join(t[0], NULL);
  pthread_join(t[1], NULL);
}

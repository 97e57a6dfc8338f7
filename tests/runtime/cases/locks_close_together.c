// expect: lock-order-inversion, lock-order-inversion
// Many locks in one page, mutexes and some so small that several lie where one mutex would.
#include "support.h"

static pthread_mutex_t *mutexes;
static pthread_spinlock_t spins[256];

static void nest(pthread_spinlock_t *outer, pthread_spinlock_t *inner) {
  pthread_spin_lock(outer);
  pthread_spin_lock(inner);
  pthread_spin_unlock(inner);
  pthread_spin_unlock(outer);
}
static void each_once(void) {
  for (int i = 200; i-- > 0;) {
    pthread_mutex_lock(&mutexes[i]);
    pthread_mutex_unlock(&mutexes[i]);
  }
  for (int i = 0; i < 256; ++i) {
    pthread_spin_lock(&spins[i]);
    pthread_spin_unlock(&spins[i]);
  }
}
static void first(void) {
  for (int i = 1; i < 200; ++i)
    lock2(&mutexes[i - 1], &mutexes[i]);
  for (int i = 1; i < 256; ++i)
    nest(&spins[i - 1], &spins[i]);
}
static void second(void) {
  lock2(&mutexes[150], &mutexes[149]);
  nest(&spins[101], &spins[100]);
}

int main(void) {
  mutexes = (pthread_mutex_t *)calloc(200, sizeof(*mutexes));
  for (int i = 0; i < 256; ++i)
    pthread_spin_init(&spins[i], PTHREAD_PROCESS_PRIVATE);
  IN_TURN(each_once, first, second);
}

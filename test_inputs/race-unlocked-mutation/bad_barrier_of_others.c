// Each of the two threads waits at a barrier, but not at the same one.
// flags: -std=gnu17
#include <pthread.h>

static pthread_barrier_t one, other;
static int value;

static void *left(void *unused) {
  (void)unused;
  value = 1; // expect: race-unlocked-mutation
  pthread_barrier_wait(&one);
  return 0;
}

static void *right(void *unused) {
  (void)unused;
  pthread_barrier_wait(&other);
  value = 2;
  return 0;
}

static void *helper(void *unused) {
  (void)unused;
  pthread_barrier_wait(&one);
  pthread_barrier_wait(&other);
  return 0;
}

static void *helper2(void *unused) {
  (void)unused;
  pthread_barrier_wait(&other);
  return 0;
}

int main(void) {
  pthread_t a, b, c, d;
  pthread_barrier_init(&one, 0, 2);
  pthread_barrier_init(&other, 0, 2);
  if (pthread_create(&a, 0, left, 0) || pthread_create(&b, 0, right, 0) || pthread_create(&c, 0, helper2, 0) ||
      pthread_create(&d, 0, helper, 0))
    return 1;
  pthread_join(a, 0);
  pthread_join(b, 0);
  pthread_join(c, 0);
  pthread_join(d, 0);
  return value;
}

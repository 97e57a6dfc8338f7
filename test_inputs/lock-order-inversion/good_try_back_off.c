// The second lock of the "wrong" order is only tried; on failure the first one
// is dropped too and everything starts again.
#include <pthread.h>
#include <sched.h>

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER, right = PTHREAD_MUTEX_INITIALIZER;
static int a, b;

static void forwards(void) {
  pthread_mutex_lock(&left);
  pthread_mutex_lock(&right);
  a = b + 1;
  pthread_mutex_unlock(&right);
  pthread_mutex_unlock(&left);
}

static void backwards(void) {
  for (;;) {
    pthread_mutex_lock(&right);
    if (pthread_mutex_trylock(&left) == 0)
      break;
    pthread_mutex_unlock(&right);
    sched_yield();
  }
  b = a - 1;
  pthread_mutex_unlock(&left);
  pthread_mutex_unlock(&right);
}

static void *other(void *unused) {
  backwards();
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, other, 0);
  forwards();
  pthread_join(thread, 0);
}

// A value is read in one section, and what was computed from it is written in another.
#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int counter;
static void *run(void *a) {
  for (int i = 0; i < 10; ++i) {
    pthread_mutex_lock(&m);
    int t = counter;
    pthread_mutex_unlock(&m);
    t = t + 1;
    pthread_mutex_lock(&m);
    counter = t; // expect: race-check-then-act
    pthread_mutex_unlock(&m);
  }
  return a;
}
int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, run, 0);
  pthread_create(&b, 0, run, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
  return counter;
}

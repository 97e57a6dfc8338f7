// expect: none
// The two threads pass the mutex to and fro by a condition, and the other one has
// released it for good when it is joined.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int turns;

static void pass_on(void) {
  ++turns;
  pthread_cond_signal(&changed);
}

static void wait_for(int wanted) {
  while (turns < wanted)
    pthread_cond_wait(&changed, &a);
}

static void *worker(void *unused) {
  pthread_mutex_lock(&a);
  pass_on();
  wait_for(2);
  pass_on();
  pthread_mutex_unlock(&a);
  return unused;
}

int main(void) {
  pthread_t thread;
  pthread_mutex_lock(&a);
  MUST(pthread_create(&thread, 0, worker, 0));
  wait_for(1);
  pass_on();
  wait_for(3);
  MUST(pthread_join(thread, 0));
  pthread_mutex_unlock(&a);
}

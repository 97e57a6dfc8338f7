// Joined first, on the error path as well.
#include <pthread.h>

struct counter {
  pthread_mutex_t lock;
  int value;
};

static void *count(void *argument) {
  struct counter *counter = argument;
  for (int i = 0; i < 1000; ++i) {
    pthread_mutex_lock(&counter->lock);
    ++counter->value;
    pthread_mutex_unlock(&counter->lock);
  }
  return 0;
}

int main(void) {
  struct counter counter = {.value = 0};
  pthread_t thread;
  pthread_mutex_init(&counter.lock, 0);
  if (pthread_create(&thread, 0, count, &counter)) {
    pthread_mutex_destroy(&counter.lock);
    return 1;
  }
  pthread_join(thread, 0);
  pthread_mutex_destroy(&counter.lock);
  return counter.value != 1000;
}

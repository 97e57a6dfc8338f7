// Every bucket's count is touched under the bucket's lock.
#include <pthread.h>

static pthread_mutex_t locks[16];
static int counts[16];

static void *count(void *argument) {
  for (int i = 0; i < 1000; i++) {
    int bucket = i % 16;
    pthread_mutex_lock(&locks[bucket]);
    counts[bucket]++;
    pthread_mutex_unlock(&locks[bucket]);
  }
  return argument;
}

static void *reset(void *argument) {
  for (int i = 0; i < 16; i++) {
    pthread_mutex_lock(&locks[i]);
    counts[i] = 0;
    pthread_mutex_unlock(&locks[i]);
  }
  return argument;
}

int main(void) {
  pthread_t threads[2];
  for (int i = 0; i < 16; i++)
    pthread_mutex_init(&locks[i], 0);
  pthread_create(&threads[0], 0, count, 0);
  pthread_create(&threads[1], 0, reset, 0);
  for (int i = 0; i < 2; i++)
    pthread_join(threads[i], 0);
  return 0;
}

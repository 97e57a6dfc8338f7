// The counter is changed under the lock of the flag.
#include <pthread.h>
#include <stdio.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int stop;
static long processed;
static void *worker(void *arg) {
  (void)arg;
  while (1) {
    pthread_mutex_lock(&m);
    if (stop) {
      pthread_mutex_unlock(&m);
      break;
    }
    processed++;
    pthread_mutex_unlock(&m);
  }
  return NULL;
}
int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, worker, NULL);
  pthread_mutex_lock(&m);
  processed = 0;
  pthread_mutex_unlock(&m);
  pthread_mutex_lock(&m);
  stop = 1;
  pthread_mutex_unlock(&m);
  pthread_join(t, NULL);
  printf("%ld\n", processed);
}

// As many elements as threads.
#include <pthread.h>
#define N 8
static long stats[4];
static long own[N];
static void *work(void *arg) {
  long id = (long)arg;
  for (int i = 0; i < 1000; ++i)
    own[id % N]++;
  return NULL;
}
int main(void) {
  pthread_t t[N];
  for (long i = 0; i < N; ++i)
    pthread_create(&t[i], NULL, work, (void *)i);
  for (int i = 0; i < N; ++i)
    pthread_join(t[i], NULL);
  return (int)(stats[0] + own[0]);
}

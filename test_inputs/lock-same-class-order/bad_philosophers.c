// Each philosopher takes the left fork first.
#include <pthread.h>
#include <unistd.h>
#define N 5
pthread_mutex_t forks[N];
void *phil(void *p) {
  int id = (int)(long)p, left = id, right = (id + 1) % N;
  for (int i = 0; i < 10; i++) {
    pthread_mutex_lock(&forks[left]);
    pthread_mutex_lock(&forks[right]); // expect: lock-same-class-order
    pthread_mutex_unlock(&forks[right]);
    pthread_mutex_unlock(&forks[left]);
  }
  return NULL;
}
int main(void) {
  pthread_t t[N];
  for (int i = 0; i < N; i++)
    pthread_mutex_init(&forks[i], NULL);
  for (long i = 0; i < N; i++)
    pthread_create(&t[i], NULL, phil, (void *)i);
  for (int i = 0; i < N; i++)
    pthread_join(t[i], NULL);
  return 0;
}

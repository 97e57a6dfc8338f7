// The consumer waits for the semaphore first and takes the mutex then.
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static sem_t ready;
static int value;
static void *producer(void *arg) {
  (void)arg;
  pthread_mutex_lock(&m);
  value = 42;
  pthread_mutex_unlock(&m);
  sem_post(&ready);
  return NULL;
}
static void *consumer(void *arg) {
  (void)arg;
  sem_wait(&ready);
  pthread_mutex_lock(&m);
  printf("%d\n", value);
  pthread_mutex_unlock(&m);
  return NULL;
}
int main(void) {
  pthread_t a, b;
  sem_init(&ready, 0, 0);
  pthread_create(&a, NULL, producer, NULL);
  pthread_create(&b, NULL, consumer, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  sem_destroy(&ready);
  return 0;
}

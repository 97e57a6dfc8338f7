// Room and items are awaited inside the mutex: a full buffer stops the consumer as well.
#include <pthread.h>
#include <semaphore.h>
#define N 8
static int buf[N], in, out;
static sem_t empty, full;
static pthread_mutex_t lock;
static void put(int v) {
  pthread_mutex_lock(&lock);
  sem_wait(&empty); // expect: lock-order-inversion
  buf[in] = v;
  in = (in + 1) % N;
  pthread_mutex_unlock(&lock);
  sem_post(&full);
}
static int get(void) {
  int v;
  pthread_mutex_lock(&lock);
  sem_wait(&full); // expect: lock-order-inversion
  v = buf[out];
  out = (out + 1) % N;
  pthread_mutex_unlock(&lock);
  sem_post(&empty);
  return v;
}
static void *producer(void *p) {
  for (int i = 0; i < 100; i++)
    put(i);
  return p;
}
static void *consumer(void *p) {
  long s = 0;
  for (int i = 0; i < 100; i++)
    s += get();
  return (void *)s;
}
int main(void) {
  pthread_t t[2];
  sem_init(&empty, 0, N);
  sem_init(&full, 0, 0);
  pthread_mutex_init(&lock, NULL);
  pthread_create(&t[0], NULL, producer, NULL);
  pthread_create(&t[1], NULL, consumer, NULL);
  pthread_join(t[0], NULL);
  pthread_join(t[1], NULL);
  return 0;
}

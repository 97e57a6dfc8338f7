// The first reader takes the semaphore and the last one gives it back, but a writer does without.
#include <pthread.h>
#include <semaphore.h>
static sem_t wrt, mutex;
static int readers, data;
static void *writer(void *a) {
  data += 1; // expect: race-unlocked-mutation
  return a;
}
static void *reader(void *a) {
  sem_wait(&mutex);
  readers++;
  if (readers == 1)
    sem_wait(&wrt);
  sem_post(&mutex);
  long v = data;
  sem_wait(&mutex);
  readers--;
  if (readers == 0)
    sem_post(&wrt);
  sem_post(&mutex);
  return v ? a : NULL;
}
int main(void) {
  pthread_t r[3], w[2];
  sem_init(&wrt, 0, 1);
  sem_init(&mutex, 0, 1);
  for (int i = 0; i < 2; i++)
    pthread_create(&w[i], NULL, writer, NULL);
  for (int i = 0; i < 3; i++)
    pthread_create(&r[i], NULL, reader, NULL);
  for (int i = 0; i < 2; i++)
    pthread_join(w[i], NULL);
  for (int i = 0; i < 3; i++)
    pthread_join(r[i], NULL);
  return 0;
}

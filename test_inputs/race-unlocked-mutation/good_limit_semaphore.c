// One thread at a time by one semaphore; the slots of a buffer by two, which start
// at its size and at zero.
#include <pthread.h>
#include <semaphore.h>

static sem_t turn, room, full;
static int transfers;
static int buffer[1];

static void *work(void *argument) {
  sem_wait(&turn);
  transfers++;
  sem_post(&turn);
  return argument;
}

static void *produce(void *argument) {
  for (int i = 0; i < 10; i++) {
    sem_wait(&room);
    buffer[0] = i;
    sem_post(&full);
  }
  return argument;
}

int main(void) {
  pthread_t one, other, producer;
  int sum = 0;
  sem_init(&turn, 0, 1);
  sem_init(&room, 0, 1);
  sem_init(&full, 0, 0);
  pthread_create(&one, 0, work, 0);
  pthread_create(&other, 0, work, 0);
  pthread_create(&producer, 0, produce, 0);
  for (int i = 0; i < 10; i++) {
    sem_wait(&full);
    sum += buffer[0];
    sem_post(&room);
  }
  pthread_join(one, 0);
  pthread_join(other, 0);
  pthread_join(producer, 0);
  return transfers + sum;
}

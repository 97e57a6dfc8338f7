// A semaphore that lets two threads in at a time is no lock.
#include <pthread.h>
#include <semaphore.h>

static sem_t slots;
static int transfers;

static void *work(void *argument) {
  sem_wait(&slots);
  transfers++; // expect: race-unlocked-mutation
  sem_post(&slots);
  return argument;
}

int main(void) {
  pthread_t one, other;
  sem_init(&slots, 0, 2);
  pthread_create(&one, 0, work, 0);
  pthread_create(&other, 0, work, 0);
  pthread_join(one, 0);
  pthread_join(other, 0);
  return transfers;
}

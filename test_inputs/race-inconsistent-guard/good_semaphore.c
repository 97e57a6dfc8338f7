/* Semaphores as a lock, and as a ball that two threads throw to each other. */
#include <pthread.h>
#include <semaphore.h>

static sem_t lock, ping, pong;
static int balance, ball;

static void *one(void *unused) {
  for (int i = 0; i < 100; i++) {
    sem_wait(&lock);
    balance++;
    sem_post(&lock);
    sem_wait(&ping);
    ball++;
    sem_post(&pong);
  }
  return unused;
}

static void *other(void *unused) {
  for (int i = 0; i < 100; i++) {
    sem_wait(&lock);
    balance--;
    sem_post(&lock);
    sem_wait(&pong);
    ball--;
    sem_post(&ping);
  }
  return unused;
}

int main(void) {
  pthread_t first, second;
  sem_init(&lock, 0, 1);
  sem_init(&ping, 0, 1);
  sem_init(&pong, 0, 0);
  pthread_create(&first, 0, one, 0);
  pthread_create(&second, 0, other, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return balance + ball;
}

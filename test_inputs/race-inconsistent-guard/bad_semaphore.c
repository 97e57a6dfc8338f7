/* A semaphore that starts at one is the lock of `balance`; one thread goes
   without. */
#include <pthread.h>
#include <semaphore.h>

static sem_t lock;
static int balance;

static void *deposit(void *unused) {
  for (int i = 0; i < 100; i++) {
    sem_wait(&lock);
    balance++;
    sem_post(&lock);
  }
  return unused;
}

static void *withdraw(void *unused) {
  balance--; // expect: race-inconsistent-guard
  return unused;
}

int main(void) {
  pthread_t one, other;
  sem_init(&lock, 0, 1);
  pthread_create(&one, 0, deposit, 0);
  pthread_create(&other, 0, withdraw, 0);
  pthread_join(one, 0);
  pthread_join(other, 0);
  return balance;
}

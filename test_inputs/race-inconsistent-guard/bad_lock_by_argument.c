// A function takes the lock unless its caller says that it has it: this caller does
// not have it.
#include <pthread.h>
#include <stdbool.h>

struct account {
  pthread_mutex_t lock;
  long balance;
};

static struct account account = {PTHREAD_MUTEX_INITIALIZER, 0};

static void deposit(struct account *to, long amount, bool isLocked) {
  if (!isLocked)
    pthread_mutex_lock(&to->lock);
  to->balance += amount; // expect: race-inconsistent-guard
  if (!isLocked)
    pthread_mutex_unlock(&to->lock);
}

static void *teller(void *unused) {
  for (int i = 0; i < 100; i++)
    deposit(&account, 1, false);
  return unused;
}

static void *bonus(void *unused) {
  deposit(&account, 5, true);
  return unused;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, 0, teller, 0);
  pthread_create(&second, 0, bonus, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return account.balance != 105;
}

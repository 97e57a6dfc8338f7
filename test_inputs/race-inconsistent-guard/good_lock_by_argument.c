// A function takes the lock unless its caller says that it has it, and such a caller
// has it; or it takes the lock where its object says that there are threads.
#include <pthread.h>
#include <stdbool.h>

struct account {
  pthread_mutex_t lock;
  bool isShared;
  long balance;
  long fees;
};

static struct account account = {PTHREAD_MUTEX_INITIALIZER, true, 0, 0};

static void deposit(struct account *to, long amount, bool isLocked) {
  if (!isLocked)
    pthread_mutex_lock(&to->lock);
  to->balance += amount;
  if (!isLocked)
    pthread_mutex_unlock(&to->lock);
}

static void charge(struct account *to, bool needsLock) {
  if (needsLock)
    pthread_mutex_lock(&to->lock);
  to->fees++;
  if (needsLock)
    pthread_mutex_unlock(&to->lock);
}

static void *teller(void *unused) {
  for (int i = 0; i < 100; i++) {
    deposit(&account, 1, false);
    charge(&account, account.isShared);
  }
  return unused;
}

static void *bonus(void *unused) {
  pthread_mutex_lock(&account.lock);
  deposit(&account, 5, true);
  pthread_mutex_unlock(&account.lock);
  charge(&account, account.isShared);
  return unused;
}

int main(void) {
  deposit(&account, 10, true); // nobody else is there yet
  pthread_t first, second;
  pthread_create(&first, 0, teller, 0);
  pthread_create(&second, 0, bonus, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return account.balance != 115;
}

// The same branch returns after its unlock; a flag remembers whether the lock
// is still held in the second function.
#include <pthread.h>
#include <stdbool.h>

struct account {
  pthread_mutex_t lock;
  long balance;
};

int withdraw(struct account *account, long amount) {
  pthread_mutex_lock(&account->lock);
  if (account->balance < amount) {
    pthread_mutex_unlock(&account->lock);
    return -1;
  }
  account->balance -= amount;
  pthread_mutex_unlock(&account->lock);
  return 0;
}

int deposit(struct account *account, long amount, bool quick) {
  bool held = true;
  pthread_mutex_lock(&account->lock);
  account->balance += amount;
  if (quick) {
    pthread_mutex_unlock(&account->lock);
    held = false;
  }
  if (held)
    pthread_mutex_unlock(&account->lock);
  return 0;
}

int main(void) {
  struct account account = {PTHREAD_MUTEX_INITIALIZER, 10};
  return withdraw(&account, 20) + deposit(&account, 5, true);
}

// The error branch unlocks and falls through to the common unlock.
#include <pthread.h>

struct account {
  pthread_mutex_t lock;
  long balance;
};

int withdraw(struct account *account, long amount) {
  int status = 0;
  pthread_mutex_lock(&account->lock);
  if (account->balance < amount) {
    pthread_mutex_unlock(&account->lock);
    status = -1;
  } else {
    account->balance -= amount;
  }
  pthread_mutex_unlock(&account->lock); // expect: lock-not-held
  return status;
}

int main(void) {
  struct account account = {PTHREAD_MUTEX_INITIALIZER, 10};
  return withdraw(&account, 20);
}

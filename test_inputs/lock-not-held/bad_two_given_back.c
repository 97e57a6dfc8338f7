// Two accounts that may be one: the second unlock does not ask, the lock did.
#include <pthread.h>

struct account {
  pthread_mutex_t lock;
  long balance;
};

void transfer(struct account *a, struct account *b, long sum) {
  struct account *first = a < b ? a : b, *second = a < b ? b : a;
  pthread_mutex_lock(&first->lock);
  if (a != b)
    pthread_mutex_lock(&second->lock);
  a->balance -= sum;
  b->balance += sum;
  pthread_mutex_unlock(&a->lock);
  pthread_mutex_unlock(&b->lock); // expect: lock-not-held
}

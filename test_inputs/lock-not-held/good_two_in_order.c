// Two locks in the order of their addresses, and only one when both are the same:
// what was taken is given back, whichever names it has there.
#include <pthread.h>
#include <stdint.h>

struct account {
  pthread_mutex_t lock;
  long balance;
};

static void lock_both(struct account *a, struct account *b) {
  if ((uintptr_t)a > (uintptr_t)b) {
    struct account *other = a;
    a = b;
    b = other;
  }
  pthread_mutex_lock(&a->lock);
  if (a != b)
    pthread_mutex_lock(&b->lock);
}

static void unlock_both(struct account *a, struct account *b) {
  pthread_mutex_unlock(&a->lock);
  if (a != b)
    pthread_mutex_unlock(&b->lock);
}

void transfer(struct account *a, struct account *b, long sum) {
  lock_both(a, b);
  a->balance -= sum;
  b->balance += sum;
  unlock_both(a, b);
}

void transfer_in_branches(struct account *a, struct account *b, long sum) {
  if (a > b) {
    pthread_mutex_lock(&b->lock);
    if (b != a)
      pthread_mutex_lock(&a->lock);
  } else {
    pthread_mutex_lock(&a->lock);
    if (b != a)
      pthread_mutex_lock(&b->lock);
  }
  a->balance -= sum;
  b->balance += sum;
  unlock_both(a, b);
}

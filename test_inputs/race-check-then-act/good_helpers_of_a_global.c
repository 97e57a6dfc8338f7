// The balance is tested and changed in one section.
#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int balance = 100;
static int getBalance(void) {
  pthread_mutex_lock(&m);
  int b = balance;
  pthread_mutex_unlock(&m);
  return b;
}
static void add(int n) {
  pthread_mutex_lock(&m);
  balance += n;
  pthread_mutex_unlock(&m);
}
static int withdraw(int n) {
  int ok = 0;
  pthread_mutex_lock(&m);
  if (balance >= n) {
    balance -= n;
    ok = 1;
  }
  pthread_mutex_unlock(&m);
  return ok;
}
static void *run(void *a) {
  withdraw(60);
  add(1);
  getBalance();
  return a;
}
int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, run, 0);
  pthread_create(&b, 0, run, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
}

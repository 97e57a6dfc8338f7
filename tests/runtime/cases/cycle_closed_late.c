// expect: lock-order-inversion
// The edges of the cycle are seen under many different gates and in between many
// other orders, by one thread; only the last edge shows that they mattered, and
// only one context of each can meet it.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER, c = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t closing = PTHREAD_MUTEX_INITIALIZER;
enum { Gates = 50, Others = 300 };
static pthread_mutex_t gates[Gates], others[Others];

static void under(pthread_mutex_t *gate) {
  if (gate)
    pthread_mutex_lock(gate);
  lock2(&a, &b);
  if (gate)
    pthread_mutex_unlock(gate);
}
static void first(void) {
  for (int i = 0; i < Gates; ++i)
    under(&gates[i]);
  for (int i = 0; i < Others; ++i)
    for (int k = i + 1; k < Others; k += 7)
      lock2(&others[i], &others[k]);
  under(&closing);
  under(&gates[0]);
}
static void second(void) { lock2(&b, &c); }
static void third(void) {
  for (int i = 1; i < Gates; ++i)
    pthread_mutex_lock(&gates[i]);
  lock2(&c, &a);
  for (int i = Gates; i-- > 1;)
    pthread_mutex_unlock(&gates[i]);
}

int main(void) {
  for (int i = 0; i < Gates; ++i)
    pthread_mutex_init(&gates[i], 0);
  for (int i = 0; i < Others; ++i)
    pthread_mutex_init(&others[i], 0);
  IN_TURN(first, second, third);
}

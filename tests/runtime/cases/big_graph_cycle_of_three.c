// expect: lock-order-inversion
// Above the size up to which long cycles are searched before blocking: found by
// the helper thread, or at exit.
#include "support.h"

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER, c = PTHREAD_MUTEX_INITIALIZER;
enum { Count = 6000 };
static pthread_mutex_t m[Count];

static void first(void) { lock2(&a, &b); }
static void others(void) {
  for (int i = 0; i + 1 < Count; ++i)
    lock2(&m[i], &m[i + 1]);
}
static void second(void) { lock2(&b, &c); }
static void third(void) { lock2(&c, &a); }

int main(void) {
  for (int i = 0; i < Count; ++i)
    pthread_mutex_init(&m[i], 0);
  IN_TURN(others, first, second, third);
}

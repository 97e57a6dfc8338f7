// expect: lock-order-inversion
#include "support.h"

enum { Count = 300 };
static pthread_mutex_t m[Count];

static void up(void) {
  for (int i = 0; i < Count; ++i)
    pthread_mutex_lock(&m[i]);
  for (int i = 0; i < Count; ++i)
    pthread_mutex_unlock(&m[i]);
}
static void down(void) { lock2(&m[Count - 1], &m[0]); }

int main(void) {
  for (int i = 0; i < Count; ++i)
    pthread_mutex_init(&m[i], 0);
  IN_TURN(up, up, down);
}

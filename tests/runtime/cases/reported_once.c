// expect: lock-order-inversion
// The same code with other locks is the same defect.
#include "support.h"

static pthread_mutex_t m[20];

static void up(void) {
  for (int i = 0; i < 20; i += 2)
    lock2(&m[i], &m[i + 1]);
}
static void down(void) {
  for (int i = 0; i < 20; i += 2)
    lock2(&m[i + 1], &m[i]);
}

int main(void) {
  for (int i = 0; i < 20; ++i)
    pthread_mutex_init(&m[i], 0);
  IN_TURN(up, down);
}

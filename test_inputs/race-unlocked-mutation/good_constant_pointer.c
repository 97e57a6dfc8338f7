// The pointer leads to the variable of one thread only, and the members of two
// unions do not share their bytes.
#include <pthread.h>

static int total, own;
static int *const sum = &own;
static union {
  int whole;
  char bytes[4];
} first, second;

static void *work(void *unused) {
  (void)unused;
  *sum += 1;
  first.whole = 7;
  return 0;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, work, 0);
  total++;
  int seen = second.bytes[1];
  pthread_join(thread, 0);
  return seen + total;
}

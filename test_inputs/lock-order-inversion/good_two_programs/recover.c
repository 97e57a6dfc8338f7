// The second program: its threads replay, and never post.
#include "ledger.h"

static void *worker(void *unused) {
  replay(&main_ledger);
  return unused;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, 0, worker, 0);
  pthread_create(&second, 0, worker, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return 0;
}

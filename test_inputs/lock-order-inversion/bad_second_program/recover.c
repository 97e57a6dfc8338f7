// The second program: one thread replays while the other posts.
#include "ledger.h"

static void *worker(void *unused) {
  replay(&main_ledger);
  return unused;
}

static void *auditor(void *unused) {
  post(&main_ledger, 1);
  return unused;
}

int main(void) {
  pthread_t first, second;
  pthread_create(&first, 0, worker, 0);
  pthread_create(&second, 0, auditor, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return 0;
}

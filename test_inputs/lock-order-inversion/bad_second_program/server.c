// The first program: its threads post, and never replay.
#include "ledger.h"

static void *teller(void *unused) {
  for (int i = 0; i < 100; ++i)
    post(&main_ledger, i);
  return unused;
}

int main(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], 0, teller, 0);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], 0);
  return 0;
}

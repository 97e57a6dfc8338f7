// Library code of both programs: each uses one of the two functions.
#include "ledger.h"

struct ledger main_ledger = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, 0, 0};

void post(struct ledger *ledger, long amount) {
  pthread_mutex_lock(&ledger->accounts_lock);
  ledger->balance += amount;
  pthread_mutex_lock(&ledger->journal_lock);
  ++ledger->lines;
  pthread_mutex_unlock(&ledger->journal_lock);
  pthread_mutex_unlock(&ledger->accounts_lock);
}

void replay(struct ledger *ledger) {
  pthread_mutex_lock(&ledger->journal_lock);
  ledger->lines = 0;
  pthread_mutex_lock(&ledger->accounts_lock);
  ledger->balance = 0;
  pthread_mutex_unlock(&ledger->accounts_lock);
  pthread_mutex_unlock(&ledger->journal_lock);
}

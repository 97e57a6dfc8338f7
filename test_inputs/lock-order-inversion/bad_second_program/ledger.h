#pragma once
#include <pthread.h>

struct ledger {
  pthread_mutex_t accounts_lock;
  pthread_mutex_t journal_lock;
  long balance;
  long lines;
};

extern struct ledger main_ledger;

void post(struct ledger *ledger, long amount);
void replay(struct ledger *ledger);

// LOCK and UNLOCK macros over a spin lock, with a `return` hidden in a third.
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>

#define LOCK(t) pthread_spin_lock(&(t)->spin)
#define UNLOCK(t) pthread_spin_unlock(&(t)->spin)
#define REQUIRE(condition)                                                                                            \
  do {                                                                                                                \
    if (!(condition))                                                                                                 \
      return -1;                                                                                                      \
  } while (0)

struct table {
  pthread_spinlock_t spin;
  int used, limit;
};

static int table_take(struct table *table, int count) {
  LOCK(table);                                  // expect: lock-not-released#require
  REQUIRE(table->used + count <= table->limit); // expect: lock-not-released#require
  table->used += count;
  UNLOCK(table);
  return 0;
}

int main(void) {
  struct table table = {.used = 0, .limit = 4};
  pthread_spin_init(&table.spin, PTHREAD_PROCESS_PRIVATE);
  return table_take(&table, 5);
}

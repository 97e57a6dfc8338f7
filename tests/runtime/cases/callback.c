// expect: lock-order-inversion
// options: exitcode=0
// status: 0
#include "support.h"
#include <gridlock/annotate.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static int calls;

static void first(void) { lock2(&a, &b); }
static void second(void) { lock2(&b, &a); }

static void reported(const char *kind, const char *text, size_t bytes, void *argument) {
  calls += strcmp(kind, "lock-order-inversion") == 0 && argument == &calls && memmem(text, bytes, "opposite", 8) != 0;
}

int main(void) {
  gridlock_set_report_callback(reported, &calls);
  IN_TURN(first, second);
  return calls == 1 ? 0 : 1;
}

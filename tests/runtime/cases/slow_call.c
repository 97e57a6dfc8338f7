// expect: blocking-call-holding-lock
// options: slow_ms=40
// match: has been in read for more than 40 ms and holds mutex `a`
// A reader that waits for a slow writer keeps the lock for as long. The main
// thread waits for the report, not for a time.
#include "support.h"
#include <gridlock/annotate.h>

#include <stdatomic.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static int ends[2];
static atomic_int reported;

static void report(const char *kind, const char *text, size_t bytes, void *argument) {
  (void)kind, (void)text, (void)bytes, (void)argument;
  reported = 1;
}

static void *reader(void *unused) {
  char byte;
  pthread_mutex_lock(&a);
  if (read(ends[0], &byte, 1) != 1)
    abort();
  pthread_mutex_unlock(&a);
  return unused;
}

int main(void) {
  pthread_t thread;
  gridlock_set_report_callback(report, 0);
  if (pipe(ends) != 0)
    return 1;
  pthread_create(&thread, 0, reader, 0);
  while (!reported)
    sched_yield();
  if (write(ends[1], "x", 1) != 1)
    return 1;
  pthread_join(thread, 0);
  return 0;
}

// expect: none
// status: 66
// options: log_path=/tmp/gridlock_case_log
// The report goes to a file, output that was not flushed is not lost.
#include "support.h"
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static void first(void) { lock2(&a, &b); }
static void second(void) { lock2(&b, &a); }

int main(void) {
  IN_TURN(first, second);
  char path[64], text[4096] = {0};
  snprintf(path, sizeof(path), "/tmp/gridlock_case_log.%d", (int)getpid());
  FILE *file = fopen(path, "r");
  if (!file || fread(text, 1, sizeof(text) - 1, file) == 0 || !strstr(text, "[lock-order-inversion]"))
    _exit(1);
  fclose(file);
  unlink(path);
  fputs("unflushed", stdout);
  return 0;
}

// expect: lock-order-inversion
// status: 0
// The child starts with a graph of its own process, and finds its own cycles.
#include "support.h"
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) { lock2(&a, &b); }
static void second(void) { lock2(&b, &a); }

int main(void) {
  ONE_BY_ONE(first);
  pid_t child = fork();
  if (child == 0) {
    IN_TURN(first, second);
    exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status) == 66 ? 0 : 1;
}

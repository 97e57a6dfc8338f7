// expect: lock-order-inversion
// Locks taken on other stacks than the thread's own.
#include "support.h"
#include <ucontext.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void on_own_stack(void (*run)(void)) {
  ucontext_t here, there;
  char *stack = (char *)malloc(256 * 1024);
  getcontext(&there);
  there.uc_stack.ss_sp = stack;
  there.uc_stack.ss_size = 256 * 1024;
  there.uc_link = &here;
  makecontext(&there, run, 0);
  swapcontext(&here, &there);
  free(stack);
}
static void up(void) { lock2(&a, &b); }
static void down(void) { lock2(&b, &a); }
static void first(void) { on_own_stack(up); }
static void second(void) { on_own_stack(down); }

int main(void) { IN_TURN(first, second); }

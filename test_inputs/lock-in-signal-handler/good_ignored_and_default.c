// SIG_IGN and SIG_DFL are no functions; a function with a handler's type that
// is never installed may lock.
#include <signal.h>
#include <stdio.h>
#include <threads.h>

static mtx_t lock;
static int seen;

static void note(int number) {
  mtx_lock(&lock);
  seen = number;
  mtx_unlock(&lock);
  printf("noted %d\n", number);
}

static void (*const observer)(int) = note;

int main(void) {
  mtx_init(&lock, mtx_plain);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGINT, SIG_DFL);
  observer(3);
  return seen;
}

#include "loop.h"
#include <stdlib.h>

static long rounds;
static long seconds;

static int cron(void *data) {
  (void)data;
  rounds++;
  seconds += rounds % 10 == 0;
  return rounds < 100000 ? 0 : -1;
}

int main(void) {
  struct event_loop *loop = loop_new();
  loop_add(loop, cron, NULL);
  loop_run(loop);
  return seconds > 10;
}

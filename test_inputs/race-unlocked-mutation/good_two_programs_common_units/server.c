#include "loop.h"
#include "table.h"
#include <stdlib.h>

static int cron(void *data) {
  int *rounds = data;
  table_set_growth(*rounds % 10);
  return ++*rounds < 100000 ? 0 : -1;
}

int main(void) {
  int rounds = 0;
  struct event_loop *loop = loop_new();
  loop_add(loop, cron, &rounds);
  loop_run(loop);
  return table_size(rounds) > 10;
}

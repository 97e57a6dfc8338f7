#include "loop.h"
#include <stdlib.h>

struct event_loop *loop_new(void) { return calloc(1, sizeof(struct event_loop)); }

void loop_add(struct event_loop *loop, timer_function *function, void *data) {
  struct timer *timer = malloc(sizeof *timer);
  timer->function = function;
  timer->data = data;
  timer->next = loop->timers;
  loop->timers = timer;
}

void loop_run(struct event_loop *loop) {
  while (!loop->stop)
    for (struct timer *timer = loop->timers; timer; timer = timer->next)
      if (timer->function(timer->data) < 0)
        loop->stop = 1;
}

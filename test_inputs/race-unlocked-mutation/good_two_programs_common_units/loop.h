#pragma once
typedef int timer_function(void *data);
struct timer {
  timer_function *function;
  void *data;
  struct timer *next;
};
struct event_loop {
  struct timer *timers;
  int stop;
};
struct event_loop *loop_new(void);
void loop_add(struct event_loop *loop, timer_function *function, void *data);
void loop_run(struct event_loop *loop);

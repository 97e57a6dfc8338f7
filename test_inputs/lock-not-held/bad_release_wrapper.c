// Wrappers over a pair of locks: leave() releases both, also where only one of
// them was taken.
#include <threads.h>

struct gate {
  mtx_t inner, outer;
  int count;
};

static void enter_outer(struct gate *gate) { mtx_lock(&gate->outer); }

static void enter(struct gate *gate) {
  enter_outer(gate);
  mtx_lock(&gate->inner);
}

static void leave(struct gate *gate) {
  mtx_unlock(&gate->inner); // expect: lock-not-held#peek
  mtx_unlock(&gate->outer);
}

int gate_peek(struct gate *gate) {
  enter_outer(gate);
  int count = gate->count;
  leave(gate); // expect: lock-not-held#peek
  return count;
}

int gate_count(struct gate *gate) {
  enter(gate);
  int count = ++gate->count;
  leave(gate);
  return count;
}

int main(void) {
  static struct gate gate;
  mtx_init(&gate.inner, mtx_plain);
  mtx_init(&gate.outer, mtx_plain);
  return gate_count(&gate) + gate_peek(&gate); // expect: lock-not-held#peek
}

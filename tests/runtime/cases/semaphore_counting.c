// expect: none
#include "support.h"

static sem_t s1, s2;

static void nest(sem_t *outer, sem_t *inner) {
  sem_wait(outer);
  sem_wait(inner);
  sem_post(inner);
  sem_post(outer);
}
static void first(void) { nest(&s1, &s2); }
static void second(void) { nest(&s2, &s1); }

int main(void) {
  sem_init(&s1, 0, 2);
  sem_init(&s2, 0, 2);
  IN_TURN(first, second);
}

// expect: none
// Posted by the other side: a signal, not a lock.
#include "support.h"

static sem_t s1, s2;

static void first(void) {
  sem_wait(&s1);
  sem_wait(&s2);
}
static void hand_back(void) {
  sem_post(&s2);
  sem_post(&s1);
}
static void second(void) {
  sem_wait(&s2);
  sem_wait(&s1);
  sem_post(&s1);
  sem_post(&s2);
}

int main(void) {
  sem_init(&s1, 0, 1);
  sem_init(&s2, 0, 1);
  IN_TURN(first, hand_back, second);
}

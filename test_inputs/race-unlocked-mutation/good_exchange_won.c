// The same in C, with what compilers brought before atomics were in the language.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

static int owner;
static atomic_int taken;
static int total, later, seen;

static void *work(void *argument) {
  int idle = 0;
  (void)argument;
  if (__sync_bool_compare_and_swap(&owner, 0, 1))
    total++;
  if (__sync_val_compare_and_swap(&owner, 1, 2) == 1)
    later++;
  if (atomic_compare_exchange_strong(&taken, &idle, 1))
    seen = 1;
  return NULL;
}

int main(void) {
  pthread_t one, other;
  pthread_create(&one, NULL, work, NULL);
  pthread_create(&other, NULL, work, NULL);
  pthread_join(one, NULL);
  pthread_join(other, NULL);
  printf("%d %d %d\n", total, later, seen);
  return 0;
}

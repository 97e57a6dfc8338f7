// A global pointer that leads to one variable for good, and members of a union.
#include <pthread.h>

static int total;
static int *const sum = &total;
struct table {
  int used;
};
static struct table standard;
static struct table *current = &standard;
static union {
  int whole;
  char bytes[4];
} word;

static void *work(void *unused) {
  (void)unused;
  *sum += 1;           // expect: race-unlocked-mutation
  current->used = 1; // expect: race-unlocked-mutation
  word.whole = 7;    // expect: race-unlocked-mutation
  return 0;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, work, 0);
  total++;
  int seen = standard.used + word.bytes[1];
  pthread_join(thread, 0);
  return seen;
}

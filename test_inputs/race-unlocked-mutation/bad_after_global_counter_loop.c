// The counter of a loop is a global with constant bounds: what stands behind the loop runs.
#include <pthread.h>

static unsigned table[256];
static unsigned next;
static int hits;

static void fillTable(void) {
  for (next = 0; next < 256; next++)
    table[next] = next * 3;
}

static void *count(void *argument) {
  hits++; // expect: race-unlocked-mutation
  return argument;
}

int main(void) {
  pthread_t first, second;
  fillTable();
  pthread_create(&first, 0, count, 0);
  pthread_create(&second, 0, count, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return hits;
}

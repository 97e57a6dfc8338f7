// The first entry of a list that nobody changes any more is counted up without a
// lock: it stays in the list, so all threads have it.
#include <pthread.h>
#include <stdlib.h>

struct entry {
  struct entry *next;
  long hits;
};

static struct entry *first;

static void *work(void *argument) {
  (void)argument;
  for (int i = 0; i < 1000; ++i)
    first->hits++; // expect: race-unlocked-mutation
  return NULL;
}

int main(void) {
  pthread_t threads[4];
  first = calloc(1, sizeof(struct entry));
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], NULL);
  return 0;
}

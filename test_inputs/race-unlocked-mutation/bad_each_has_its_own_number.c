// Each thread compares what it was told with a number of its own: all of them come
// to the counter.
#include <pthread.h>

struct worker {
  int wake;
};

static long woken;

extern int next_event(int wake);

static void *run(void *argument) {
  struct worker *worker = argument;
  for (;;) {
    int event = next_event(worker->wake);
    if (event == worker->wake)
      woken++; // expect: race-unlocked-mutation
    else if (event < 0)
      return 0;
  }
}

int main(void) {
  static struct worker workers[4];
  pthread_t threads[4];
  for (int i = 0; i < 4; i++) {
    workers[i].wake = i + 10;
    pthread_create(&threads[i], 0, run, &workers[i]);
  }
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], 0);
  return woken > 0;
}

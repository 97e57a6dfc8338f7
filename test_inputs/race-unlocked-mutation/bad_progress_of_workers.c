// While the workers count, the thread that has started them adds up what they have
// done so far.
#include <pthread.h>
#include <stdio.h>

struct worker {
  pthread_t thread;
  long done;
  long total;
};

static struct worker workers[4];

static void *work(void *argument) {
  struct worker *self = argument;
  for (long i = 0; i < self->total; i++)
    self->done++; // expect: race-unlocked-mutation
  return 0;
}

static void prepare(struct worker *worker, long total) {
  worker->done = 0;
  worker->total = total;
}

int main(void) {
  for (int i = 0; i < 4; i++) {
    prepare(&workers[i], 1000);
    pthread_create(&workers[i].thread, 0, work, &workers[i]);
  }
  long done = 0;
  for (int i = 0; i < 4; i++)
    done += workers[i].done;
  printf("%ld so far\n", done);
  for (int i = 0; i < 4; i++)
    pthread_join(workers[i].thread, 0);
  return 0;
}

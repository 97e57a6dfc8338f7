// Each worker's record is prepared before its thread starts, and read when that
// thread has ended.
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
    self->done++;
  return 0;
}

static void prepare(struct worker *worker, long total) {
  worker->done = 0;
  worker->total = total;
}

static long finish(struct worker *worker) {
  pthread_join(worker->thread, 0);
  return worker->done;
}

int main(void) {
  for (int i = 0; i < 4; i++) {
    prepare(&workers[i], 1000);
    pthread_create(&workers[i].thread, 0, work, &workers[i]);
  }
  long done = 0;
  for (int i = 0; i < 2; i++)
    done += finish(&workers[i]);
  for (int i = 2; i < 4; i++) {
    pthread_join(workers[i].thread, 0);
    done += workers[i].done;
  }
  printf("%ld in all\n", done);
  return 0;
}

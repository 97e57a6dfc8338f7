#include <pthread.h>

/* All threads of the tree count in one number. */
struct job {
  int depth;
  int *leaves;
};

static void *walk(void *argument) {
  struct job *job = argument;
  if (!job->depth) {
    ++*job->leaves; // expect: race-unlocked-mutation
    return 0;
  }
  struct job next = {job->depth - 1, job->leaves};
  pthread_t thread;
  pthread_create(&thread, 0, walk, &next);
  walk(&next);
  pthread_join(thread, 0);
  return 0;
}

int main(void) {
  int leaves = 0;
  struct job job = {3, &leaves};
  walk(&job);
  return leaves;
}

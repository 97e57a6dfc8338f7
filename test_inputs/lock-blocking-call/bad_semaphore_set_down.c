// Another process decides how long this waits for the semaphore.
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/sem.h>

struct mixer {
  pthread_mutex_t lock;
  int semaphore;
  int users;
};

static int semaphore_down(struct mixer *mixer) {
  struct sembuf ops[2] = {{0, 0, 0}, {0, 1, SEM_UNDO}};
  return semop(mixer->semaphore, ops, 2); // expect: lock-blocking-call
}

int mixer_join(struct mixer *mixer) {
  pthread_mutex_lock(&mixer->lock);
  ++mixer->users;
  int error = semaphore_down(mixer);
  pthread_mutex_unlock(&mixer->lock);
  return error;
}

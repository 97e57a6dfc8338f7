// Giving back a System V semaphore never waits: the operation adds, or says so.
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/sem.h>

struct mixer {
  pthread_mutex_t lock;
  int semaphore;
  int users;
};

static int semaphore_up(struct mixer *mixer) {
  struct sembuf op = {0, -1, SEM_UNDO | IPC_NOWAIT};
  return semop(mixer->semaphore, &op, 1);
}

static int semaphore_add(struct mixer *mixer) {
  struct sembuf op;
  op.sem_num = 1;
  op.sem_op = 1;
  op.sem_flg = 0;
  return semop(mixer->semaphore, &op, 1);
}

int mixer_leave(struct mixer *mixer) {
  pthread_mutex_lock(&mixer->lock);
  --mixer->users;
  int error = semaphore_up(mixer) + semaphore_add(mixer);
  pthread_mutex_unlock(&mixer->lock);
  return error;
}

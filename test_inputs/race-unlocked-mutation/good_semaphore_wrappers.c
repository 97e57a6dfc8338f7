/* Functions around a semaphore: of its own one, of one that they get, and of one that
   the program makes itself and hands out. */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

struct own_semaphore {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int value, waiters;
};

static struct own_semaphore *own_semaphore_make(int value) {
  struct own_semaphore *made = malloc(sizeof *made);
  pthread_mutex_init(&made->lock, NULL);
  pthread_cond_init(&made->changed, NULL);
  made->value = value;
  made->waiters = 0;
  return made;
}

static void own_semaphore_down(struct own_semaphore *semaphore) {
  pthread_mutex_lock(&semaphore->lock);
  while (!semaphore->value) {
    semaphore->waiters++;
    pthread_cond_wait(&semaphore->changed, &semaphore->lock);
    semaphore->waiters--;
  }
  semaphore->value--;
  pthread_mutex_unlock(&semaphore->lock);
}

static void own_semaphore_up(struct own_semaphore *semaphore) {
  int wake = 0;
  pthread_mutex_lock(&semaphore->lock);
  if (!semaphore->value && semaphore->waiters)
    wake = 1;
  semaphore->value++;
  if (wake)
    pthread_cond_signal(&semaphore->changed);
  pthread_mutex_unlock(&semaphore->lock);
}

struct pool {
  struct own_semaphore *lock;
  int used;
};

static sem_t log_lock, count_lock;
static struct pool pool;
static int lines, count;

static void lock_log(void) { sem_wait(&log_lock); }
static void unlock_log(void) { sem_post(&log_lock); }

static void down(sem_t *semaphore) {
  if (sem_wait(semaphore) != 0)
    perror("sem_wait");
}
static void up(sem_t *semaphore) {
  if (sem_post(semaphore) != 0)
    perror("sem_post");
}

static void *work(void *unused) {
  lock_log();
  lines++;
  unlock_log();
  down(&count_lock);
  count++;
  up(&count_lock);
  own_semaphore_down(pool.lock);
  pool.used++;
  own_semaphore_up(pool.lock);
  return unused;
}

int main(void) {
  pthread_t first, second;
  sem_init(&log_lock, 0, 1);
  sem_init(&count_lock, 0, 1);
  pool.lock = own_semaphore_make(1);
  pthread_create(&first, NULL, work, NULL);
  pthread_create(&second, NULL, work, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return count;
}

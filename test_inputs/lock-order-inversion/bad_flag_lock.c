// A reader-writer lock of the program's own: a flag, a counter, a mutex and a
// condition variable. Two such locks are taken in both orders.
#include <pthread.h>

struct own_lock {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  int readers;
  int writing;
};

static void read_begin(struct own_lock *lock) {
  pthread_mutex_lock(&lock->mutex);
  while (lock->writing)
    pthread_cond_wait(&lock->changed, &lock->mutex);
  lock->readers++;
  pthread_mutex_unlock(&lock->mutex);
}

static void read_end(struct own_lock *lock) {
  pthread_mutex_lock(&lock->mutex);
  if (--lock->readers == 0)
    pthread_cond_broadcast(&lock->changed);
  pthread_mutex_unlock(&lock->mutex);
}

static void write_begin(struct own_lock *lock) {
  pthread_mutex_lock(&lock->mutex);
  while (lock->writing || lock->readers)
    pthread_cond_wait(&lock->changed, &lock->mutex);
  lock->writing = 1; // expect: lock-order-inversion
  pthread_mutex_unlock(&lock->mutex);
}

static void write_end(struct own_lock *lock) {
  pthread_mutex_lock(&lock->mutex);
  lock->writing = 0;
  pthread_cond_broadcast(&lock->changed);
  pthread_mutex_unlock(&lock->mutex);
}

static struct own_lock names = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};
static struct own_lock sizes = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};
static int name_count, size_sum;

static void *add(void *argument) {
  write_begin(&names);
  name_count++;
  write_begin(&sizes);
  size_sum += 8;
  write_end(&sizes);
  write_end(&names);
  return argument;
}

static void *drop(void *argument) {
  write_begin(&sizes);
  size_sum = 0;
  write_begin(&names);
  name_count = 0;
  write_end(&names);
  write_end(&sizes);
  return argument;
}

static void *show(void *argument) {
  read_begin(&names);
  *(int *)argument = name_count;
  read_end(&names);
  return argument;
}

int main(void) {
  pthread_t threads[3];
  int shown;
  pthread_create(&threads[0], NULL, add, NULL);
  pthread_create(&threads[1], NULL, drop, NULL);
  pthread_create(&threads[2], NULL, show, &shown);
  for (int i = 0; i < 3; i++)
    pthread_join(threads[i], NULL);
  return shown;
}

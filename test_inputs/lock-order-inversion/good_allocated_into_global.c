// The mutexes are allocated by a helper into pointers that the program keeps: the
// function that made them and the thread take them in one order.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t *index_lock = NULL;
static pthread_mutex_t *store_lock = NULL;
static int entries, bytes;

static int lock_create(pthread_mutex_t **lock) {
  pthread_mutex_t *made = malloc(sizeof(pthread_mutex_t));
  if (made == NULL)
    return 0;
  if (pthread_mutex_init(made, NULL) != 0) {
    free(made);
    return 0;
  }
  *lock = made;
  return 1;
}

static void *add(void *argument) {
  pthread_mutex_lock(index_lock);
  pthread_mutex_lock(store_lock);
  entries++;
  bytes += 8;
  pthread_mutex_unlock(store_lock);
  pthread_mutex_unlock(index_lock);
  return argument;
}

int main(void) {
  pthread_t thread;
  if (!lock_create(&index_lock) || !lock_create(&store_lock))
    return 1;
  if (pthread_create(&thread, NULL, add, NULL) != 0)
    return 1;
  pthread_mutex_lock(index_lock);
  pthread_mutex_lock(store_lock);
  entries = 0;
  pthread_mutex_unlock(store_lock);
  pthread_mutex_unlock(index_lock);
  pthread_join(thread, NULL);
  return bytes;
}

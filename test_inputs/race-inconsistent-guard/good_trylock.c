/* Whoever does not get the lock waits for it, or does something else. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *worker(void *unused) {
  for (int i = 0; i < 100; i++) {
    if (pthread_mutex_trylock(&lock) != 0)
      pthread_mutex_lock(&lock);
    count++;
    pthread_mutex_unlock(&lock);
    if (pthread_mutex_trylock(&lock) == 0) {
      count++;
      pthread_mutex_unlock(&lock);
    }
  }
  return unused;
}

int main(void) {
  pthread_t one, other;
  pthread_create(&one, 0, worker, 0);
  pthread_create(&other, 0, worker, 0);
  pthread_join(one, 0);
  pthread_join(other, 0);
  return count;
}

/* An attempt to lock whose result nobody looks at guards nothing. */
#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *worker(void *unused) {
  for (int i = 0; i < 100; i++) {
    int mine = pthread_mutex_trylock(&lock) == 0;
    count++; // expect: race-inconsistent-guard
    if (mine)
      pthread_mutex_unlock(&lock);
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

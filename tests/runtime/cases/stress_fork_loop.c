// expect: none
// Forks in a loop while other threads take locks: each child takes locks of its
// own and of the thread that forked, and ends in order.
#include "support.h"
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t others[8];
static sem_t end;

static void *busy(void *unused) {
  unsigned i = 0;
  while (sem_trywait(&end) != 0) {
    lock2(&others[i % 7], &others[i % 7 + 1]);
    ++i;
  }
  return unused;
}

int main(void) {
  pthread_t threads[3];
  sem_init(&end, 0, 0);
  for (int i = 0; i < 8; ++i)
    pthread_mutex_init(&others[i], 0);
  for (int i = 0; i < 3; ++i)
    MUST(pthread_create(&threads[i], 0, busy, 0));
  for (int i = 0; i < 60; ++i) {
    pthread_mutex_lock(&a);
    pid_t child = fork();
    if (child == 0) {
      pthread_mutex_lock(&b);
      pthread_mutex_unlock(&b);
      pthread_mutex_unlock(&a);
      exit(0);
    }
    lock2(&b, &others[0]);
    pthread_mutex_unlock(&a);
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
      fprintf(stderr, "child %d ended with status %d\n", i, status);
      return 4;
    }
  }
  for (int i = 0; i < 3; ++i)
    sem_post(&end);
  for (int i = 0; i < 3; ++i)
    MUST(pthread_join(threads[i], 0));
}

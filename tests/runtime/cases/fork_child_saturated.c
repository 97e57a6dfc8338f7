// expect: lock-order-inversion
// status: 0
// Two running threads of the parent took a, b, so that there it needs no third look.
// They are no part of the child, whose own threads' orders make the cycle.
#include "support.h"
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static sem_t done, end;

static void first(void) { lock2(&a, &b); }
static void second(void) { lock2(&b, &a); }
static void *worker(void *unused) {
  for (int i = 0; i < 3; ++i)
    lock2(&a, &b);
  signal_to(&done);
  await(&end);
  return unused;
}

int main(void) {
  sem_init(&done, 0, 0);
  sem_init(&end, 0, 0);
  pthread_t threads[3];
  for (int i = 0; i < 3; ++i) {
    MUST(pthread_create(&threads[i], 0, worker, 0));
    await(&done);
  }
  pid_t child = fork();
  if (child == 0) {
    IN_TURN(first, second);
    exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  for (int i = 0; i < 3; ++i)
    signal_to(&end);
  for (int i = 0; i < 3; ++i)
    MUST(pthread_join(threads[i], 0));
  return WEXITSTATUS(status) == 66 ? 0 : 1;
}

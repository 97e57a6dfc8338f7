// expect: none
// One order in the parent's threads, the other in the child's: two processes.
#include "support.h"
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static sem_t done, end;

static void *first(void *unused) {
  lock2(&a, &b);
  signal_to(&done);
  await(&end);
  return unused;
}
static void second(void) { lock2(&b, &a); }

int main(void) {
  sem_init(&done, 0, 0);
  sem_init(&end, 0, 0);
  pthread_t thread;
  MUST(pthread_create(&thread, 0, first, 0));
  await(&done);
  pid_t child = fork();
  if (child == 0) {
    IN_TURN(second);
    exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  signal_to(&end);
  MUST(pthread_join(thread, 0));
  return WEXITSTATUS(status);
}

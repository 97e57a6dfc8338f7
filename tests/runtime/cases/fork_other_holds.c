// expect: lock-held-across-fork
// options: halt_on_error=1
// status: 0
// match: at the fork it was held by thread T2
#include "support.h"
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static sem_t held, end;

static void *holder(void *unused) {
  pthread_mutex_lock(&a);
  signal_to(&held);
  await(&end);
  pthread_mutex_unlock(&a);
  return unused;
}

int main(void) {
  sem_init(&held, 0, 0);
  sem_init(&end, 0, 0);
  pthread_t thread;
  MUST(pthread_create(&thread, 0, holder, 0));
  await(&held);
  pid_t child = fork();
  if (child == 0) {
    pthread_mutex_lock(&a); // nobody will ever unlock it here
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  signal_to(&end);
  MUST(pthread_join(thread, 0));
  return WEXITSTATUS(status) == 66 ? 0 : 1;
}

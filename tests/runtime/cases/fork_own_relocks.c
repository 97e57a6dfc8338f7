// expect: self-lock
// options: halt_on_error=1
// status: 0
#include "support.h"
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;

int main(void) {
  pthread_mutex_lock(&a);
  pid_t child = fork();
  if (child == 0) {
    pthread_mutex_lock(&a);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  pthread_mutex_unlock(&a);
  return WEXITSTATUS(status) == 66 ? 0 : 1;
}

// The child waits for a child of its own, so it takes as long as the script.

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t scriptLock = PTHREAD_MUTEX_INITIALIZER;

static void run(const char *script) {
  pid_t first = fork();
  switch (first) {
  case 0:
    pid_t second = fork();
    if (second == 0) {
      execl(script, script, (char *)NULL);
      _exit(1);
    }
    waitpid(second, NULL, 0); // expect: process-no-timeout
    _exit(0);
  case -1:
    break;
  default:
    waitpid(first, NULL, 0); // expect: process-no-timeout, lock-blocking-call
    break;
  }
}

static void *onConnect(void *script) {
  pthread_mutex_lock(&scriptLock);
  run(script);
  pthread_mutex_unlock(&scriptLock);
  return NULL;
}

int main(int count, char **arguments) {
  pthread_t thread;
  pthread_create(&thread, NULL, onConnect, arguments[1]);
  onConnect(arguments[2]);
  pthread_join(thread, NULL);
  return 0;
}

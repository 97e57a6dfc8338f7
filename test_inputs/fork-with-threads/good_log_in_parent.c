// The child does nothing but fork and exec.

#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t logLock = PTHREAD_MUTEX_INITIALIZER;
static long written;

static void writeLog(const char *text) {
  struct tm *now;
  time_t seconds = time(NULL);
  now = localtime(&seconds);
  (void)now;
  pthread_mutex_lock(&logLock);
  written++;
  pthread_mutex_unlock(&logLock);
  (void)text;
}

static void *serve(void *program) {
  pid_t child = fork();
  if (child > 0)
    writeLog("started");
  if (child == 0) {
    pid_t inner = fork();
    if (inner == 0) {
      execl(program, program, (char *)NULL);
      _exit(1);
    }
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0); // allow: process-no-timeout
  return NULL;
}

int main(int count, char **arguments) {
  pthread_t first, second;
  pthread_create(&first, NULL, serve, arguments[1]);
  pthread_create(&second, NULL, serve, arguments[2]);
  pthread_mutex_lock(&logLock);
  written++;
  pthread_mutex_unlock(&logLock);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}

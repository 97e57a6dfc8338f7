// A log file written under its lock, a non-blocking file lock, a poll with a
// small time-out, and a child that is asked for without waiting.
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *log_file;
static int lines, children;

void log_line(const char *text) {
  pthread_mutex_lock(&lock);
  if (!log_file)
    log_file = fopen("/tmp/demo.log", "a");
  if (log_file)
    fprintf(log_file, "%d %s\n", ++lines, text);
  pthread_mutex_unlock(&lock);
}

int claim(int descriptor) {
  int status;
  pthread_mutex_lock(&lock);
  status = flock(descriptor, LOCK_EX | LOCK_NB);
  pthread_mutex_unlock(&lock);
  return status;
}

int readable(int descriptor) {
  struct pollfd wanted = {descriptor, POLLIN, 0};
  int ready;
  pthread_mutex_lock(&lock);
  ready = poll(&wanted, 1, 20);
  pthread_mutex_unlock(&lock);
  return ready;
}

void reap(void) {
  int status;
  pthread_mutex_lock(&lock);
  while (waitpid(-1, &status, WNOHANG) > 0)
    --children;
  pthread_mutex_unlock(&lock);
}

int main(void) {
  log_line("start");
  reap();
  return claim(0) + readable(0);
}

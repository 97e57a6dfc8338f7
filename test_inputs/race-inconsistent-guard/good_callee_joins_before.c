#include <pthread.h>
#include <unistd.h>

/* The monitor starts and stops with the first and the last user. Who stops it joins
   its thread, and only then clears what the thread reads. */
static pthread_mutex_t users_lock = PTHREAD_MUTEX_INITIALIZER;
static int users;
static pthread_t monitor;
static int monitor_fd = -1;
static int control[2];

static void *watch(void *arg) {
  (void)arg;
  char byte;
  int fds[2] = {control[0], monitor_fd};
  while (read(fds[0], &byte, 1) > 0)
    if (read(fds[1], &byte, 1) < 0)
      break;
  return NULL;
}

static int start_monitor(void) {
  monitor_fd = dup(0);
  if (pipe(control))
    return -1;
  return pthread_create(&monitor, NULL, watch, NULL);
}

static void stop_monitor(void) {
  close(control[1]);
  pthread_join(monitor, NULL); // allow: lock-blocking-call
  close(control[0]);
  close(monitor_fd);
  monitor_fd = -1;
}

static int scan(void) { return users > 3; }

static int init(void) {
  int failed = 0;
  pthread_mutex_lock(&users_lock);
  if (users++ == 0)
    failed = start_monitor();
  if (!failed && scan()) {
    stop_monitor();
    users--;
    failed = -1;
  }
  pthread_mutex_unlock(&users_lock);
  return failed;
}

static void done(void) {
  pthread_mutex_lock(&users_lock);
  if (--users == 0)
    stop_monitor();
  pthread_mutex_unlock(&users_lock);
}

int main(void) {
  if (init())
    return 1;
  done();
  return 0;
}

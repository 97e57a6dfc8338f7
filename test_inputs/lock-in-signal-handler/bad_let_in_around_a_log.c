// The signal is blocked everywhere but in one thread, which lets it in around a
// wait, and logs before it blocks it again: the handler takes the lock of the log.
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static char last_line[80];

static void log_line(const char *text) {
  pthread_mutex_lock(&log_lock); // expect: lock-in-signal-handler#log
  last_line[0] = text[0];
  pthread_mutex_unlock(&log_lock);
}

static void on_user(int number) {
  (void)number;
  log_line("user signal");
}

static void install(int number, void (*handler)(int)) {
  struct sigaction action, old;
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  action.sa_flags = 0;
  sigaction(number, &action, &old);
}

static void prepare_signals(void) {
  sigset_t set;
  sigfillset(&set);
  sigdelset(&set, SIGPIPE);
  pthread_sigmask(SIG_SETMASK, &set, NULL);
  install(SIGUSR1, on_user);
}

static int wait_for_event(int fd) {
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  sigset_t set, old;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  pthread_sigmask(SIG_UNBLOCK, &set, &old);
  int result = fcntl(fd, F_SETLKW, &whole);
  if (result < 0)
    log_line("interrupted");
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  return result;
}

static void *work(void *unused) {
  (void)unused;
  log_line("work");
  wait_for_event(3);
  return NULL;
}

static void *listen_loop(void *unused) {
  (void)unused;
  sigset_t open;
  sigfillset(&open);
  sigdelset(&open, SIGUSR1);
  for (;;) {
    struct pollfd fd = {.fd = 0, .events = POLLIN};
    if (ppoll(&fd, 1, NULL, &open) < 0)
      break;
    log_line("input");
  }
  return NULL;
}

int main(void) {
  pthread_t worker, listener;
  prepare_signals();
  pthread_create(&worker, NULL, work, NULL);
  pthread_create(&listener, NULL, listen_loop, NULL);
  pthread_join(worker, NULL);
  pthread_join(listener, NULL);
  return 0;
}

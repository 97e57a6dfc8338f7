// All signals are blocked before the threads start; only ppoll lets them in, and
// there the thread holds nothing. A lock on a file waits for its own alarm with a
// handler that does nothing, and puts the old handler back.
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
  pthread_mutex_lock(&log_lock);
  last_line[0] = text[0];
  pthread_mutex_unlock(&log_lock);
}

static void on_user(int number) {
  (void)number;
  log_line("user signal");
}

static void on_alarm(int number) {
  (void)number;
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

static int lock_file(int fd) {
  struct sigaction action, old_action;
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  sigset_t set, old;
  action.sa_handler = on_alarm;
  sigemptyset(&action.sa_mask);
  action.sa_flags = 0;
  sigemptyset(&set);
  sigaddset(&set, SIGALRM);
  sigaction(SIGALRM, &action, &old_action);
  pthread_sigmask(SIG_UNBLOCK, &set, &old);
  alarm(5);
  int result = fcntl(fd, F_SETLKW, &whole);
  alarm(0);
  log_line("locked");
  pthread_sigmask(SIG_SETMASK, &old, NULL);
  sigaction(SIGALRM, &old_action, NULL);
  return result;
}

static void *work(void *unused) {
  (void)unused;
  log_line("work");
  lock_file(3);
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

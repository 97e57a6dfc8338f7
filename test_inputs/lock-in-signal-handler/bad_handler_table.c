// Handlers in a table, installed in a loop; one of them logs with syslog,
// another one takes a read lock.
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <signal.h>
#include <syslog.h>

static pthread_rwlock_t routes = PTHREAD_RWLOCK_INITIALIZER;
static int route_count;
static volatile sig_atomic_t stop;

static void on_terminate(int number) {
  stop = number;
}

static void on_user(int number) {
  pthread_rwlock_rdlock(&routes); // expect: lock-in-signal-handler#routes
  stop = route_count > number;
  pthread_rwlock_unlock(&routes); // allow: lock-in-signal-handler
}

static void on_alarm(int number) {
  syslog(LOG_WARNING, "alarm %d", number); // expect: lock-in-signal-handler#syslog
}

static const struct {
  int number;
  void (*handler)(int);
} handlers[] = {{SIGTERM, on_terminate}, {SIGUSR1, on_user}, {SIGALRM, on_alarm}};

int main(void) {
  for (unsigned i = 0; i < sizeof handlers / sizeof *handlers; ++i)
    signal(handlers[i].number, handlers[i].handler); // expect: lock-in-signal-handler#routes, lock-in-signal-handler#syslog
  pthread_rwlock_wrlock(&routes);
  ++route_count;
  pthread_rwlock_unlock(&routes);
  return stop;
}

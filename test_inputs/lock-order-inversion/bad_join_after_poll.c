// The monitor's thread takes the lock for each event that `poll` tells of; whoever stops it holds the lock and waits.
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_t monitor;
static pthread_mutex_t deviceLock = PTHREAD_MUTEX_INITIALIZER;
static int control[2];
static int source;
static int devices;

static void *watch(void *unused) {
  struct pollfd entries[] = {{.fd = control[0], .events = POLLIN}, {.fd = source, .events = POLLIN}};
  for (;;) {
    if (poll(entries, 2, -1) == -1)
      break;
    if (entries[0].revents)
      break;
    if (entries[1].revents) {
      pthread_mutex_lock(&deviceLock);
      devices++;
      pthread_mutex_unlock(&deviceLock);
    }
  }
  return unused;
}

int startMonitor(void) { return pthread_create(&monitor, NULL, watch, NULL) ? -1 : 0; }

static int stopMonitor(void) {
  char command = 0;
  if (write(control[1], &command, 1) != 1)
    return -1;
  return pthread_join(monitor, NULL); // expect: lock-order-inversion
}

void shutDown(void) {
  pthread_mutex_lock(&deviceLock);
  stopMonitor();
  devices = 0;
  pthread_mutex_unlock(&deviceLock);
}

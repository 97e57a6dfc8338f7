// Reading from a pipe and waiting for a file lock inside a C11 lock.
#include <fcntl.h>
#include <sys/file.h>
#include <threads.h>
#include <unistd.h>

static mtx_t state;
static int events, spool = -1;

static int wait_event(int descriptor) {
  char byte;
  return read(descriptor, &byte, 1) == 1 ? byte : -1; // expect: lock-blocking-call#event
}

int next_event(void) {
  static int ends[2];
  int event = -1;
  mtx_lock(&state);
  if (ends[1] || pipe(ends) == 0) {
    event = wait_event(ends[0]); // expect: lock-blocking-call#event
    ++events;
  }
  mtx_unlock(&state);
  return event;
}

int claim_spool(const char *path) {
  int status = -1;
  mtx_lock(&state);
  if (spool < 0)
    spool = open(path, O_RDWR | O_CREAT, 0600);
  if (spool >= 0)
    status = flock(spool, LOCK_EX); // expect: lock-blocking-call
  mtx_unlock(&state);
  return status;
}

int main(void) {
  mtx_init(&state, mtx_plain);
  return claim_spool("/tmp/spool") + next_event();
}

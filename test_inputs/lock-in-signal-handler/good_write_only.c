// A handler that calls only what POSIX allows: write to a self-pipe, _exit,
// and a formatter of its own.
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static int wake[2];

static size_t format(char *out, int number) {
  size_t size = 0;
  if (number >= 10)
    out[size++] = (char)('0' + number / 10 % 10);
  out[size++] = (char)('0' + number % 10);
  out[size++] = '\n';
  return size;
}

static void on_signal(int number) {
  int saved = errno;
  char text[8];
  size_t size = format(text, number);
  if (write(wake[1], text, size) < 0 && errno != EAGAIN)
    _exit(3);
  errno = saved;
}

int main(void) {
  struct sigaction action;
  char text[8];
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  if (pipe(wake) || sigaction(SIGUSR1, &action, NULL))
    return 1;
  raise(SIGUSR1);
  return read(wake[0], text, sizeof text) > 0 ? 0 : 1;
}

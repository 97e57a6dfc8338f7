#include "duplex.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

/* Runs the user's filter over a whole message: writes what fits, reads what
   is there, until the filter closes its output. */
char *filter_message(const char *command, const char *message, size_t length, size_t *out_length) {
  struct duplex d;
  char *result = NULL;
  size_t used = 0, room = 0;
  if (duplex_open(&d, command) < 0)
    return NULL;
  fcntl(d.to_child, F_SETFL, O_NONBLOCK);
  for (;;) {
    struct pollfd p[2] = {{d.from_child, POLLIN, 0}, {d.to_child, POLLOUT, 0}};
    if (poll(p, d.to_child >= 0 ? 2 : 1, -1) < 0 && errno != EINTR)
      break;
    if (d.to_child >= 0 && (p[1].revents & (POLLOUT | POLLERR))) {
      ssize_t n = write(d.to_child, message, length);
      if (n > 0) {
        message += n;
        length -= (size_t)n;
      }
      if (length == 0 || (n < 0 && errno != EAGAIN)) {
        close(d.to_child);
        d.to_child = -1;
      }
    }
    if (p[0].revents & (POLLIN | POLLHUP)) {
      if (used == room) {
        char *bigger = realloc(result, room = room ? room * 2 : 4096);
        if (!bigger)
          break;
        result = bigger;
      }
      ssize_t n = read(d.from_child, result + used, room - used);
      if (n <= 0)
        break;
      used += (size_t)n;
    }
  }
  duplex_close(&d);
  *out_length = used;
  return result;
}

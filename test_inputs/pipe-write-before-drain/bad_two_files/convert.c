#include "duplex.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int send_all(int fd, const char *text, size_t length) {
  while (length > 0) {
    ssize_t n = write(fd, text, length); // expect: pipe-write-before-drain#send
    if (n < 0)
      return -1;
    text += n;
    length -= (size_t)n;
  }
  return 0;
}

/* Runs the user's filter over a whole message. */
char *filter_message(const char *command, const char *message, size_t length, size_t *out_length) {
  struct duplex d;
  char *result = NULL;
  size_t used = 0, room = 0;
  ssize_t n;
  if (duplex_open(&d, command) < 0)
    return NULL;
  if (send_all(d.to_child, message, length) < 0) { // expect: pipe-write-before-drain#send
    duplex_close(&d);
    return NULL;
  }
  close(d.to_child);
  d.to_child = -1;
  for (;;) {
    if (used == room) {
      char *bigger = realloc(result, room = room ? room * 2 : 4096);
      if (!bigger)
        break;
      result = bigger;
    }
    n = read(d.from_child, result + used, room - used);
    if (n <= 0)
      break;
    used += (size_t)n;
  }
  duplex_close(&d);
  *out_length = used;
  return result;
}

#ifndef DUPLEX_H
#define DUPLEX_H
#include <sys/types.h>
struct duplex {
  pid_t pid;
  int to_child;
  int from_child;
};
int duplex_open(struct duplex *d, const char *command);
int duplex_close(struct duplex *d);
#endif

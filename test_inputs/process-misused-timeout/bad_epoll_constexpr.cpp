// A constant in seconds, in a namespace.
#include <sys/epoll.h>

namespace limits {
constexpr int idleSeconds = 30;
}

int nextEvent(int set, epoll_event *events, int count) {
  return epoll_wait(set, events, count, limits::idleSeconds); // expect: process-misused-timeout
}

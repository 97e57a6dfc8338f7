// Endings that look like units and are none.
#include <poll.h>
#include <sys/wait.h>

struct Limits {
  int items;
  int params;
  int minimums;
};

int count(pollfd *entries, const Limits &limits, pid_t pid) {
  int status = 0;
  waitpid(pid, &status, WNOHANG);
  return poll(entries, static_cast<nfds_t>(limits.items), limits.params) + limits.minimums;
}

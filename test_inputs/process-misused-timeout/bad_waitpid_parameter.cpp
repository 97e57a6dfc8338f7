// The time-out of the caller goes to the flags of wait4().
#include <sys/resource.h>
#include <sys/wait.h>

bool finish(pid_t pid, int timeoutSeconds, rusage &usage) {
  int status = 0;
  return wait4(pid, &status, timeoutSeconds, &usage) == pid; // expect: process-misused-timeout // allow: process-no-timeout
}

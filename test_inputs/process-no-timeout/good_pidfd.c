// poll on a pidfd bounds the wait.
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int finish(pid_t pid, int limit_ms)
{
    int status = -1, descriptor = pidfd_open(pid, 0);
    struct pollfd entry = {descriptor, POLLIN, 0};

    if (poll(&entry, 1, limit_ms) != 1)
        kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    close(descriptor);
    return status;
}

#include "child.h"
#include <sys/wait.h>

int child_finish(struct child *child)
{
    int status;

    if (waitpid(child->pid, &status, 0) < 0) // expect: process-no-timeout#finish, lock-blocking-call#finish
        return -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// A wrapper passes its flags on: only the call without WNOHANG has no bound.
#include <stdbool.h>
#include <sys/types.h>
#include <sys/wait.h>

static int state_of(pid_t pid, int flags)
{
    int status = 0;
    pid_t done = waitpid(pid, &status, flags); // expect: process-no-timeout#wrapped

    return done == pid ? status : -1;
}

bool has_ended(pid_t pid)
{
    return state_of(pid, WNOHANG) >= 0;
}

int finish(pid_t pid)
{
    return state_of(pid, 0); // expect: process-no-timeout#wrapped
}

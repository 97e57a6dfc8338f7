// Flags by name, combined, in a variable, by a wrapper's parameter, and none.
#define _GNU_SOURCE
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/wait.h>

#define POLL_FLAGS (WNOHANG | WUNTRACED)

int state_of(pid_t pid, int flags)
{
    int status = 0;

    return waitpid(pid, &status, flags) == pid ? status : -1;
}

bool has_ended(pid_t pid, bool block)
{
    int options = block ? 0 : WNOHANG;

    if (waitpid(pid, NULL, options) == pid) // allow: process-no-timeout
        return true;
    return waitpid(pid, NULL, WNOHANG | __WALL) == pid ||
           waitpid(pid, NULL, POLL_FLAGS) == pid || waitpid(pid, NULL, 1) == pid;
}

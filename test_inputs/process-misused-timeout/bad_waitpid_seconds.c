// A number of seconds where waitpid() takes flags.
#include <sys/types.h>
#include <sys/wait.h>

int finish(pid_t pid)
{
    int status = 0;

    waitpid(pid, &status, 10); // expect: process-misused-timeout // allow: process-no-timeout
    return status;
}

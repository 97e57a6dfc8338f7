// The alarm is off again before the wait begins.
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int start_then_wait(pid_t pid, int ready)
{
    char byte;
    int status = 0;

    alarm(5);
    if (read(ready, &byte, 1) != 1)
        return -1;
    alarm(0);
    waitpid(pid, &status, 0); // expect: process-no-timeout
    return status;
}

// The wait is one call down; both callers leave it without a bound.
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int collect(pid_t pid)
{
    int status = -1;

    while (waitpid(pid, &status, 0) < 0) // expect: process-no-timeout
        ;
    return status;
}

int run(const char *program)
{
    pid_t pid = fork();

    if (pid == 0) {
        execlp(program, program, (char *)NULL);
        _exit(127);
    }
    return pid < 0 ? -1 : collect(pid);
}

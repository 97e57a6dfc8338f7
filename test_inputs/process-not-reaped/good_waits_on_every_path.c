// All paths with a child collect it; the failed fork has none.
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static int finish(pid_t pid)
{
    int status = -1;

    for (int i = 0; i < 1000 && waitpid(pid, &status, WNOHANG) == 0; i++)
        usleep(1000);
    return status;
}

int run(const char *program, int quiet)
{
    pid_t pid = fork();

    if (pid < 0)
        return -1;
    if (pid == 0) {
        execlp(program, program, (char *)NULL);
        _exit(127);
    }
    if (quiet) {
        finish(pid);
        return 0;
    }
    return finish(pid);
}

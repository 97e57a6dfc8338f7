// One path forgets the child.
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int run(const char *program, int background)
{
    int status = -1;
    pid_t pid = fork(); // expect: process-not-reaped#early

    if (pid < 0)
        return -1;
    if (pid == 0) {
        execlp(program, program, (char *)NULL);
        _exit(127);
    }
    if (background)
        return 0; // expect: process-not-reaped#early
    for (int i = 0; i < 1000 && waitpid(pid, &status, WNOHANG) == 0; i++)
        usleep(1000);
    return status;
}

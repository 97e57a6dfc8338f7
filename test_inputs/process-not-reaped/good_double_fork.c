// The middle child is collected at once; init inherits the other one.
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

int launch(const char *program)
{
    int status = -1;
    pid_t middle = fork();

    if (middle < 0)
        return -1;
    if (middle == 0) {
        if (fork() == 0) {
            execlp(program, program, (char *)NULL);
            _exit(127);
        }
        _exit(0);
    }
    while (waitpid(middle, &status, WNOHANG) == 0)
        usleep(1000);
    return status;
}

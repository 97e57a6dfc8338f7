// The pid goes to code that is not seen: by result, and by argument.
#include <sys/types.h>
#include <unistd.h>

void supervise(pid_t pid, const char *name);

static pid_t start(const char *program)
{
    pid_t pid = fork();

    if (pid == 0) {
        execlp(program, program, (char *)NULL);
        _exit(127);
    }
    return pid;
}

pid_t start_worker(void)
{
    return start("worker");
}

void start_supervised(void)
{
    pid_t pid = start("helper");

    if (pid > 0)
        supervise(pid, "helper");
}

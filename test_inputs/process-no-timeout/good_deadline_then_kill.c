// WNOHANG until a deadline, SIGKILL, then a wait that is short.
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>

static void nap(void)
{
    struct timespec tick = {0, 10000000L};

    nanosleep(&tick, NULL);
}

int finish(pid_t pid)
{
    int status = -1;

    for (int i = 0; i < 200; i++) {
        if (waitpid(pid, &status, WNOHANG) == pid)
            return status;
        nap();
    }
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return status;
}

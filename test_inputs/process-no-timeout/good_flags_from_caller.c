// Every caller of the wrapper passes WNOHANG.
#include <sys/types.h>
#include <sys/wait.h>

static int state_of(pid_t pid, int flags)
{
    int status = 0;

    return waitpid(pid, &status, flags) == pid ? status : -1;
}

int poll_child(pid_t pid)
{
    return state_of(pid, WNOHANG);
}

int poll_stopped(pid_t pid)
{
    return state_of(pid, WNOHANG | WUNTRACED);
}

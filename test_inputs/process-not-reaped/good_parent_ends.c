// A program that becomes a daemon: the parent ends, its child goes on.
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

void become_daemon(void)
{
    pid_t pid = fork();

    if (pid < 0)
        exit(1);
    if (pid > 0)
        exit(0);
    setsid();
}

// A wait in a SIGCHLD handler: the child has ended.
#define _POSIX_C_SOURCE 200809L
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

static volatile sig_atomic_t ended;

static void on_child(int signal_number)
{
    int status;

    (void)signal_number;
    wait(&status);
    ended = 1;
}

void watch_children(void)
{
    struct sigaction action;

    memset(&action, 0, sizeof action);
    action.sa_handler = on_child;
    sigaction(SIGCHLD, &action, NULL);
}

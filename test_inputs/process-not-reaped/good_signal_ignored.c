// With SIGCHLD ignored the system collects the children.
#include <signal.h>
#include <unistd.h>

void start_all(int count)
{
    signal(SIGCHLD, SIG_IGN);
    for (int i = 0; i < count; i++) {
        if (fork() == 0) {
            execlp("worker", "worker", (char *)NULL);
            _exit(127);
        }
    }
}

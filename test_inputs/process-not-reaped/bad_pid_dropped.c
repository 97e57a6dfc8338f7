// Nobody keeps the pid.
#include <unistd.h>

void notify(const char *text)
{
    if (fork() == 0) { // expect: process-not-reaped
        execlp("notify-send", "notify-send", text, (char *)NULL);
        _exit(127);
    }
}

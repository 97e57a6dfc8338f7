// A program without threads may do in the child what it likes.
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

pid_t start(const char *program)
{
    pid_t pid = fork();

    if (pid == 0) {
        char *line = malloc(100);
        snprintf(line, 100, "starting %s", program);
        puts(line);
        execlp(program, program, (char *)NULL);
        _exit(127);
    }
    return pid;
}

int main(void)
{
    return start("true") < 0;
}

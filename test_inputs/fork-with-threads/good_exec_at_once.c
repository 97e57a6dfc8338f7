// Only async-signal-safe calls; after an exec that failed it does not matter.
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

static void *work(void *argument)
{
    puts("working");
    return argument;
}

static pid_t start(const char *program, int output)
{
    pid_t pid = fork();

    if (pid == 0) {
        dup2(output, STDOUT_FILENO);
        close(output);
        execlp(program, program, (char *)NULL);
        perror(program);
        _exit(127);
    }
    return pid;
}

int main(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, work, NULL);
    start("true", 2);
    pthread_join(thread, NULL);
    return 0;
}

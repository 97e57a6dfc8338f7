// All threads are joined when the fork happens.
#include <pthread.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

static void *work(void *argument)
{
    puts("working");
    return argument;
}

static pid_t report(void)
{
    pid_t pid = fork();

    if (pid == 0) {
        printf("done\n");
        fflush(stdout);
        _exit(0);
    }
    return pid;
}

int main(void)
{
    pthread_t thread;

    if (pthread_create(&thread, NULL, work, NULL) != 0)
        return 1;
    pthread_join(thread, NULL);
    return report() < 0;
}

// malloc between fork and exec, while a thread runs.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static void *work(void *argument)
{
    for (int i = 0; i < 1000; i++)
        free(malloc(100));
    return argument;
}

static pid_t start(const char *name)
{
    pid_t pid = fork(); // expect: fork-with-threads

    if (pid == 0) {
        char *path = malloc(strlen(name) + 16);
        strcpy(path, "/usr/bin/");
        strcat(path, name);
        execl(path, name, (char *)NULL);
        _exit(127);
    }
    return pid;
}

pid_t run(void)
{
    pthread_t thread;
    pid_t pid;

    pthread_create(&thread, NULL, work, NULL);
    pid = start("true");
    pthread_join(thread, NULL);
    return pid;
}

int main(void)
{
    return run() < 0;
}

// The child never sees the lock released.
#include <pthread.h>
#include <sys/types.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int starts;

static void *count(void *argument)
{
    pthread_mutex_lock(&lock);
    starts++;
    pthread_mutex_unlock(&lock);
    return argument;
}

static pid_t start(const char *program)
{
    pid_t pid;

    pthread_mutex_lock(&lock);
    starts++;
    pid = fork(); // expect: fork-with-threads
    if (pid == 0) {
        execlp(program, program, (char *)NULL);
        _exit(127);
    }
    pthread_mutex_unlock(&lock);
    return pid;
}

int main(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, count, NULL);
    start("true");
    pthread_join(thread, NULL);
    return 0;
}

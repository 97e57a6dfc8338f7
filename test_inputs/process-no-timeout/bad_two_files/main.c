// The wait stands in another file than the lock that is held over it.
#include "child.h"
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static struct child worker;
static int state;

static int stop_worker(void)
{
    int rc;

    pthread_mutex_lock(&table_lock);
    rc = child_finish(&worker); // expect: process-no-timeout#finish, lock-blocking-call#finish
    state = 0;
    pthread_mutex_unlock(&table_lock);
    return rc;
}

int main(void)
{
    worker.pid = fork();
    if (worker.pid == 0) {
        execlp("true", "true", (char *)NULL);
        _exit(127);
    }
    return stop_worker();
}

// Bare numbers and names without a unit say nothing.
#include <poll.h>
#include <unistd.h>

#define DEFAULT_TIMEOUT 250

int is_ready(int descriptor, int timeout)
{
    struct pollfd entry = {descriptor, POLLIN, 0};

    sleep(1);
    return poll(&entry, 1, 5) > 0 || poll(&entry, 1, timeout) > 0 || poll(&entry, 1, DEFAULT_TIMEOUT) > 0;
}

// The same names, converted to what the call takes.
#include <poll.h>
#include <unistd.h>

#define REPLY_TIMEOUT_SEC 5
#define MS_PER_SEC 1000

struct options {
    unsigned delay_ms;
    int timeout_ms;
};

int is_ready(int descriptor, const struct options *options)
{
    struct pollfd entry = {descriptor, POLLIN, 0};

    usleep(options->delay_ms * 1000);
    sleep(options->delay_ms / 1000);
    return poll(&entry, 1, REPLY_TIMEOUT_SEC * MS_PER_SEC) > 0 || poll(&entry, 1, options->timeout_ms) > 0 ||
           poll(&entry, 1, MS_PER_SEC) > 0;
}

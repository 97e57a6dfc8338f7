// Seconds where poll() takes milliseconds.
#include <poll.h>

#define HANDSHAKE_TIMEOUT_SECS 3

int is_ready(int descriptor)
{
    struct pollfd entry = {descriptor, POLLIN, 0};

    return poll(&entry, 1, HANDSHAKE_TIMEOUT_SECS) > 0; // expect: process-misused-timeout
}

// Milliseconds where sleep() takes seconds.
#include <unistd.h>

struct options {
    unsigned retry_delay_ms;
};

void pause_before_retry(const struct options *options)
{
    sleep(options->retry_delay_ms); // expect: process-misused-timeout
}

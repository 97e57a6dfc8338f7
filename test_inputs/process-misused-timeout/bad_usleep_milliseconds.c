// Milliseconds where usleep() takes microseconds.
#include <unistd.h>

enum { TICK_MS = 20 };

void wait_for_tick(void)
{
    usleep(TICK_MS); // expect: process-misused-timeout
}

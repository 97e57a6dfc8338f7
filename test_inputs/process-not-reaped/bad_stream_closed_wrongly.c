// The stream of popen() is never given to pclose().
#include <stdio.h>

long count_lines(const char *command)
{
    char line[128];
    long lines = 0;
    FILE *stream = popen(command, "r"); // expect: process-not-reaped

    while (stream && fgets(line, sizeof line, stream))
        lines++;
    return lines;
}

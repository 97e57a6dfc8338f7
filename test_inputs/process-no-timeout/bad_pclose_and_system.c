// pclose() waits as well.
#include <stdio.h>
#include <string.h>

int first_line(const char *command, char *line, size_t size)
{
    FILE *stream = popen(command, "r");

    if (!stream)
        return -1;
    if (!fgets(line, (int)size, stream))
        line[0] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return pclose(stream); // expect: process-no-timeout
}

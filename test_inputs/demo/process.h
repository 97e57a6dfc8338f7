// Runs a shell command and captures what it prints.
#ifndef PROCESS_H
#define PROCESS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Puts the start of the output into `output`, as a string. Returns the exit
// status, or -1 when the command could not be started.
int process_run(const char *command, char *output, size_t capacity);

#ifdef __cplusplus
}
#endif

#endif

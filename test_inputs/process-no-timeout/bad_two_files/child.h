#pragma once
#include <sys/types.h>

struct child {
    pid_t pid;
};

int child_finish(struct child *child);

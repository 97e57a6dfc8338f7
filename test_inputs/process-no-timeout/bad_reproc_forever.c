// reproc: -1 is REPROC_INFINITE; the other calls have a bound.
typedef struct reproc_t reproc_t;
reproc_t *reproc_new(void);
int reproc_start(reproc_t *process, const char *const *arguments, int options);
int reproc_wait(reproc_t *process, int timeout);
int reproc_kill(reproc_t *process);
reproc_t *reproc_destroy(reproc_t *process);

#define REPROC_INFINITE (-1)

int run(const char *const *arguments)
{
    reproc_t *process = reproc_new();
    int status;

    if (reproc_start(process, arguments, 0) < 0)
        return -1;
    status = reproc_wait(process, REPROC_INFINITE); // expect: process-no-timeout
    reproc_destroy(process);
    return status;
}

int run_bounded(const char *const *arguments)
{
    reproc_t *process = reproc_new();
    int status;

    if (reproc_start(process, arguments, 0) < 0)
        return -1;
    status = reproc_wait(process, 5000);
    if (status < 0) {
        reproc_kill(process);
        status = reproc_wait(process, REPROC_INFINITE);
    }
    reproc_destroy(process);
    return status;
}

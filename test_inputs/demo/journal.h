// The last lines of output, shared by all workers.
#ifndef JOURNAL_H
#define JOURNAL_H

#ifdef __cplusplus
extern "C" {
#endif

enum { JOURNAL_LINE = 256, JOURNAL_LINES = 64 };

struct journal;

struct journal *journal_open(void);
void journal_close(struct journal *journal);

// Returns 0, or -1 when the text is too long.
int journal_append(struct journal *journal, int job, const char *text);

// Calls `visit` with a copy of each line, the oldest first.
void journal_each(struct journal *journal, void (*visit)(const char *line, void *context), void *context);

#ifdef __cplusplus
}
#endif

#endif

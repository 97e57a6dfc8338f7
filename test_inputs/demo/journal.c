#include "journal.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct journal {
  pthread_mutex_t lock;
  char lines[JOURNAL_LINES][JOURNAL_LINE];
  unsigned written;
};

struct journal *journal_open(void) {
  struct journal *journal = calloc(1, sizeof *journal);
  if (journal && pthread_mutex_init(&journal->lock, NULL) != 0) {
    free(journal);
    return NULL;
  }
  return journal;
}

void journal_close(struct journal *journal) {
  if (!journal)
    return;
  pthread_mutex_destroy(&journal->lock);
  free(journal);
}

int journal_append(struct journal *journal, int job, const char *text) {
  pthread_mutex_lock(&journal->lock);
  char *line = journal->lines[journal->written % JOURNAL_LINES];
  int length = snprintf(line, JOURNAL_LINE, "[%d] %s", job, text);
  if (length < 0 || length >= JOURNAL_LINE)
    return -1;
  ++journal->written;
  pthread_mutex_unlock(&journal->lock);
  return 0;
}

void journal_each(struct journal *journal, void (*visit)(const char *line, void *context), void *context) {
  char line[JOURNAL_LINE];
  for (unsigned index = 0;; ++index) {
    pthread_mutex_lock(&journal->lock);
    unsigned first = journal->written > JOURNAL_LINES ? journal->written - JOURNAL_LINES : 0;
    int more = first + index < journal->written;
    if (more)
      memcpy(line, journal->lines[(first + index) % JOURNAL_LINES], sizeof line);
    pthread_mutex_unlock(&journal->lock);
    if (!more)
      return;
    visit(line, context);
  }
}

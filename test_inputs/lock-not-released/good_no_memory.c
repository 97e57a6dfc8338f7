// The way out for want of memory releases the lock too, or has not taken it.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct buffer {
  pthread_mutex_t lock;
  char *text;
};

int assign(struct buffer *b, const char *text) {
  char *copy = strdup(text);
  if (copy == NULL)
    return -1;
  pthread_mutex_lock(&b->lock);
  free(b->text);
  b->text = copy;
  pthread_mutex_unlock(&b->lock);
  return 0;
}

int append(struct buffer *b, const char *text) {
  int result = -1;
  pthread_mutex_lock(&b->lock);
  char *longer = realloc(b->text, strlen(b->text) + strlen(text) + 1);
  if (!longer)
    goto out;
  b->text = strcat(longer, text);
  result = 0;
out:
  pthread_mutex_unlock(&b->lock);
  return result;
}

/// An object that is made locked, or not at all.
struct buffer *make_locked(void) {
  struct buffer *b = calloc(1, sizeof *b);
  if (!b)
    return NULL;
  pthread_mutex_init(&b->lock, NULL);
  pthread_mutex_lock(&b->lock);
  return b;
}

int fill(const char *text) {
  struct buffer *b = make_locked();
  if (!b)
    return -1;
  b->text = strdup(text);
  pthread_mutex_unlock(&b->lock);
  return 0;
}

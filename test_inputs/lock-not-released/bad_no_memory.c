// The way out for want of memory forgets the lock.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct buffer {
  pthread_mutex_t lock;
  char *text;
};

int assign(struct buffer *b, const char *text) {
  pthread_mutex_lock(&b->lock); // expect: lock-not-released
  char *copy = strdup(text);
  if (copy == NULL)
    return -1;
  free(b->text);
  b->text = copy;
  pthread_mutex_unlock(&b->lock);
  return 0;
}

int append(struct buffer *b, const char *text) {
  int result = -1;
  pthread_mutex_lock(&b->lock); // expect: lock-not-released
  char *longer = realloc(b->text, strlen(b->text) + strlen(text) + 1);
  if (!longer)
    goto out;
  b->text = strcat(longer, text);
  result = 0;
  pthread_mutex_unlock(&b->lock);
out:
  return result;
}

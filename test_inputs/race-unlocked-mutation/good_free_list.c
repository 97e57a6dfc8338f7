// Buffers are taken from a free list under its lock, and cleared after it is let
// go: whoever has taken one has it to itself.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct link {
  struct link *next, *previous;
};

struct buffer {
  struct link link;
  char data[512];
};

static struct link unused = {&unused, &unused};
static int unusedCount;
static pthread_mutex_t unusedMutex = PTHREAD_MUTEX_INITIALIZER;

static void unlink_(struct link *entry) {
  entry->next->previous = entry->previous;
  entry->previous->next = entry->next;
}

// For others who use this file.
void makeEmpty(struct link *list) {
  list->next = list;
  list->previous = list;
}

static struct buffer *takeBuffer(void) {
  struct buffer *buffer;
  pthread_mutex_lock(&unusedMutex);
  if (!unusedCount) {
    buffer = malloc(sizeof(struct buffer));
  } else {
    buffer = (struct buffer *)unused.next;
    unlink_(&buffer->link);
    unusedCount--;
  }
  pthread_mutex_unlock(&unusedMutex);
  if (buffer)
    memset(buffer, 0, sizeof(struct buffer));
  return buffer;
}

static void giveBuffer(struct buffer *buffer) {
  pthread_mutex_lock(&unusedMutex);
  buffer->link.next = unused.next;
  buffer->link.previous = &unused;
  unused.next->previous = &buffer->link;
  unused.next = &buffer->link;
  unusedCount++;
  pthread_mutex_unlock(&unusedMutex);
}

static void *work(void *argument) {
  (void)argument;
  for (int i = 0; i < 1000; ++i) {
    struct buffer *buffer = takeBuffer();
    if (buffer)
      giveBuffer(buffer);
  }
  return NULL;
}

int main(void) {
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 4; ++i)
    pthread_join(threads[i], NULL);
  return 0;
}

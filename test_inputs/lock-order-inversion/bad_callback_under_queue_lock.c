// What waits in the queue is called back when it is dropped, with the queue locked. A source's callback takes the lock of
// the table, under which another thread puts something into the queue.
#include <pthread.h>
#include <stdlib.h>

struct Waiting {
  struct Waiting *next;
  void (*done)(void *);
  void *argument;
};

static pthread_mutex_t queueLock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t tableLock = PTHREAD_MUTEX_INITIALIZER;
static struct Waiting *queue;
static int listeners;

static void enqueue(void (*done)(void *), void *argument) {
  struct Waiting *entry = malloc(sizeof *entry);
  entry->done = done;
  entry->argument = argument;
  pthread_mutex_lock(&queueLock); // expect: lock-order-inversion
  entry->next = queue;
  queue = entry;
  pthread_mutex_unlock(&queueLock);
}

static void closeFile(void *argument) { free(argument); }

static void dropListeners(void *argument) {
  pthread_mutex_lock(&tableLock);
  listeners = 0;
  pthread_mutex_unlock(&tableLock);
  free(argument);
}

static void finish(struct Waiting *entry) {
  if (entry->done)
    entry->done(entry->argument);
  free(entry);
}

static void dropAll(void) {
  pthread_mutex_lock(&queueLock);
  while (queue) {
    struct Waiting *entry = queue;
    queue = entry->next;
    finish(entry);
  }
  pthread_mutex_unlock(&queueLock);
}

static void *serve(void *source) {
  enqueue(dropListeners, source);
  pthread_mutex_lock(&tableLock);
  if (++listeners > 100)
    enqueue(closeFile, malloc(10));
  pthread_mutex_unlock(&tableLock);
  return NULL;
}

int main(void) {
  pthread_t server;
  pthread_create(&server, NULL, serve, NULL);
  dropAll();
  pthread_join(server, NULL);
  return 0;
}

// A flag under a lock lets one thread of the kind run: whoever needs it starts it, unless
// it runs, and it clears the flag when it has nothing more to do.
#include <pthread.h>
#include <stdlib.h>

struct job {
  struct job *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct job *pending;
static int isRunning;

static struct job *active;
static int count, changed;
static int begun;

static void takePending(void) {
  pthread_mutex_lock(&lock);
  while (pending) {
    struct job *next = pending->next;
    pending->next = active;
    active = pending;
    pending = next;
    count++;
  }
  pthread_mutex_unlock(&lock);
}

static int next(void) {
  takePending();
  if (!active) {
    pthread_mutex_lock(&lock);
    isRunning = 0;
    pthread_mutex_unlock(&lock);
    return -1;
  }
  changed = 1;
  return 0;
}

static void *serve(void *unused) {
  while (1) {
    if (next() < 0)
      break;
    struct job *done = active;
    active = done->next;
    free(done);
    count--;
  }
  return unused;
}

static void add(struct job *mine) {
  pthread_mutex_lock(&lock);
  mine->next = pending;
  pending = mine;
  if (isRunning == 0) {
    pthread_t thread;
    isRunning = 1;
    begun = 1;
    pthread_create(&thread, NULL, serve, NULL);
    pthread_detach(thread);
  }
  pthread_mutex_unlock(&lock);
}

static void *client(void *unused) {
  for (int i = 0; i < 10; ++i)
    add(malloc(sizeof(struct job)));
  return unused;
}

int main(void) {
  pthread_t clients[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&clients[i], NULL, client, NULL);
  for (int i = 0; i < 2; ++i)
    pthread_join(clients[i], NULL);
  return 0;
}

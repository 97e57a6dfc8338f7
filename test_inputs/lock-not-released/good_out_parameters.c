// What a library function is promised not to write, or does not get, keeps its value.
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>

struct Query {
  int urgent;
  int retries;
};
extern int sendQuery(const struct Query *query);
extern int readReply(char *into, int length);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int queries;

int ask(void) {
  struct Query query = {0, 3};
  pthread_mutex_lock(&mutex);
  sendQuery(&query);
  if (query.urgent)
    return -1;
  queries++;
  pthread_mutex_unlock(&mutex);
  return 0;
}

int wait(int descriptor) {
  struct pollfd entry = {.fd = descriptor, .events = POLLIN};
  int locked = 0;
  if (descriptor >= 0) {
    pthread_mutex_lock(&mutex);
    locked = 1;
  }
  poll(&entry, 1, 0);
  int ready = entry.revents != 0;
  if (locked)
    pthread_mutex_unlock(&mutex);
  return ready;
}

int measure(const char *path) {
  struct stat status = {0};
  char text[64] = "";
  int held = 0;
  if (stat(path, &status) == 0 && status.st_size > 0) {
    pthread_mutex_lock(&mutex);
    held = 1;
  }
  readReply(text, sizeof text);
  if (held)
    pthread_mutex_unlock(&mutex);
  return text[0];
}

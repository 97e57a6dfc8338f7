// What a function of a library writes through a pointer is not known afterwards, whatever stood there before.
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

struct Reply {
  int status;
  int length;
};
extern int askServer(const char *question, struct Reply *reply);

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int bytesSeen;

int countReady(int first, int second) {
  struct pollfd entries[] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
  pthread_mutex_lock(&mutex); // expect: lock-not-released
  if (poll(entries, 2, 0) > 0 && entries[1].revents)
    return -1;
  pthread_mutex_unlock(&mutex);
  return 0;
}

int takeError(int socket) {
  int error = 0;
  socklen_t length = sizeof error;
  pthread_mutex_lock(&mutex); // expect: lock-not-released
  getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length);
  if (error)
    return error;
  pthread_mutex_unlock(&mutex);
  return 0;
}

int parseCount(const char *text) {
  int count = 0;
  pthread_mutex_lock(&mutex); // expect: lock-not-released
  sscanf(text, "%d", &count);
  if (count > 100)
    return -1;
  bytesSeen += count;
  pthread_mutex_unlock(&mutex);
  return count;
}

int sizeOf(const char *path) {
  struct stat status = {0};
  pthread_mutex_lock(&mutex); // expect: lock-not-released
  stat(path, &status);
  if (!status.st_size)
    goto out;
  bytesSeen += (int)status.st_size;
  return bytesSeen;
out:
  pthread_mutex_unlock(&mutex);
  return 0;
}

int ask(const char *question) {
  struct Reply reply = {0, 0};
  pthread_mutex_lock(&mutex); // expect: lock-not-released
  askServer(question, &reply);
  if (reply.status)
    return reply.status;
  bytesSeen += reply.length;
  pthread_mutex_unlock(&mutex);
  return 0;
}

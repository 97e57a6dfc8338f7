// The wait lets go of the lock and takes it again only when it was interrupted;
// the caller gives it back either way.
#include <poll.h>
#include <pthread.h>

struct stream {
  pthread_mutex_t lock;
  int state, descriptor;
};

static int wait_for_room(struct stream *stream) {
  struct pollfd fd = {.fd = stream->descriptor, .events = POLLOUT};
  pthread_mutex_unlock(&stream->lock);
  int error = poll(&fd, 1, 1000);
  if (error < 0)
    pthread_mutex_lock(&stream->lock);
  return error;
}

int stream_drain(struct stream *stream) {
  pthread_mutex_lock(&stream->lock);
  int error = 0;
  if (stream->state)
    error = wait_for_room(stream);
  stream->state = 0; // allow: race-check-then-act
  pthread_mutex_unlock(&stream->lock); // expect: lock-not-held
  return error;
}

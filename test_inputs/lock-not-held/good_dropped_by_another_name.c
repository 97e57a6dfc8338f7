// A wait lets go of the lock while it sleeps and takes it again, through the
// pointer that leads back to the same object. Who called it with the lock under
// its own name still holds it.
#include <poll.h>
#include <pthread.h>

struct stream {
  pthread_mutex_t lock;
  int lock_enabled, need_lock;
  struct stream *outer;
  int state, descriptor;
};

static inline void stream_lock_always(struct stream *stream) {
  if (stream->lock_enabled)
    pthread_mutex_lock(&stream->lock);
}
static inline void stream_unlock_always(struct stream *stream) {
  if (stream->lock_enabled)
    pthread_mutex_unlock(&stream->lock);
}
static inline void stream_lock(struct stream *stream) {
  if (stream->lock_enabled && stream->need_lock)
    pthread_mutex_lock(&stream->lock);
}
static inline void stream_unlock(struct stream *stream) {
  if (stream->lock_enabled && stream->need_lock)
    pthread_mutex_unlock(&stream->lock);
}

static int wait_for_room(struct stream *stream) {
  struct pollfd fd = {.fd = stream->descriptor, .events = POLLOUT};
  stream_unlock_always(stream->outer);
  int error = poll(&fd, 1, 1000); // allow: lock-blocking-call
  stream_lock_always(stream->outer);
  return error;
}

static int drain_unlocked(struct stream *stream) {
  int error = 0;
  while (error >= 0 && stream->state)
    error = wait_for_room(stream);
  return error;
}

int stream_drain(struct stream *stream) {
  stream_lock(stream);
  int error = drain_unlocked(stream);
  stream_unlock(stream);
  return error;
}

// Functions with such names that are no locks, and locks that are released on every way.
typedef struct base_mutex base_mutex_t;
struct base_mutex {
  long words[5];
};
extern void base_mutex_lock(base_mutex_t *mutex);
extern void base_mutex_unlock(base_mutex_t *mutex);
/// Zero means success in one library, and failure in the next.
typedef struct spin spin_t;
struct spin {
  int word;
};
extern int fast_spin_trylock(spin_t *lock);
extern void fast_spin_lock(spin_t *lock);
extern void fast_spin_unlock(spin_t *lock);

struct session;
extern struct session *session_acquire(struct session *session);
extern void session_release(struct session *session);
extern void enter_state(struct session *session, int state);
extern void leave_state(struct session *session, int state);

struct channel {
  base_mutex_t mutex;
  spin_t spin;
  int closed;
  int pending;
};

int channel_close(struct channel *channel) {
  int result = -1;
  base_mutex_lock(&channel->mutex);
  if (!channel->closed) {
    channel->closed = 1;
    result = 0;
  }
  base_mutex_unlock(&channel->mutex);
  return result;
}

int channel_poll(struct channel *channel) {
  if (fast_spin_trylock(&channel->spin))
    return -1;
  int pending = channel->pending;
  fast_spin_unlock(&channel->spin);
  return pending;
}

void channel_add(struct channel *channel) {
  fast_spin_lock(&channel->spin);
  channel->pending++;
  fast_spin_unlock(&channel->spin);
}

/// Who gets the session releases it.
struct session *session_open(struct session *parent, int kind) {
  struct session *session = session_acquire(parent);
  if (kind < 0) {
    session_release(session);
    return 0;
  }
  enter_state(session, kind);
  return session;
}

void session_close(struct session *session) {
  leave_state(session, 0);
  session_release(session);
}

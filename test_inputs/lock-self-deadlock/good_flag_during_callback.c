// While a callback runs, a flag in the object says so, and what the callback
// sends is only queued. The flag is tested far below, among other conditions.
// gap: a condition beyond the first few of a function is not handed to its callers
#include <pthread.h>
#include <stddef.h>

struct client {
  pthread_mutex_t callback_lock;
  void (*on_connect)(struct client *c, int code);
  void (*on_close)(struct client *c, int code);
  int in_callback;
  int threaded;
  int socket;
  int state;
  int queued;
  long keep_alive;
  char *name;
};

static void disconnected(struct client *c) {
  pthread_mutex_lock(&c->callback_lock);
  if (c->on_close) {
    c->in_callback = 1;
    c->on_close(c, 0);
    c->in_callback = 0;
  }
  pthread_mutex_unlock(&c->callback_lock);
}

static int write_packets(struct client *c) {
  if (c->socket < 0 || c->name == NULL)
    return -1;
  if (c->state != 2 || c->keep_alive <= 0)
    return -1;
  if (c->queued == 0)
    return 0;
  disconnected(c);
  return 1;
}

static int queue_packet(struct client *c) {
  ++c->queued;
  if (c->in_callback == 0 && c->threaded == 0)
    return write_packets(c);
  return 0;
}

int client_send(struct client *c, const char *text) {
  if (text == NULL || c == NULL)
    return -1;
  return queue_packet(c);
}

static void greet(struct client *c, int code) {
  if (code == 0)
    client_send(c, "hello");
}

static void connected(struct client *c) {
  pthread_mutex_lock(&c->callback_lock);
  if (c->on_connect) {
    c->in_callback = 1;
    c->on_connect(c, 0);
    c->in_callback = 0;
  }
  pthread_mutex_unlock(&c->callback_lock);
}

int main(void) {
  static struct client c = {PTHREAD_MUTEX_INITIALIZER, greet, NULL, 0, 0, 3, 2, 0, 60, "main"};
  connected(&c);
  return c.queued;
}

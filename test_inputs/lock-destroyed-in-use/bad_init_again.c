// reset() makes the lock anew while it holds it.
#include <pthread.h>
#include <string.h>

struct session {
  pthread_mutex_t lock;
  char user[16];
};

void session_reset(struct session *session) {
  pthread_mutex_lock(&session->lock);
  memset(session->user, 0, sizeof session->user);
  pthread_mutex_init(&session->lock, NULL); // expect: lock-destroyed-in-use
  pthread_mutex_unlock(&session->lock);     // allow: lock-not-held
}

int main(void) {
  static struct session session = {PTHREAD_MUTEX_INITIALIZER, "ann"};
  session_reset(&session);
}

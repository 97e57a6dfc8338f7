// Initialised before anybody uses it, destroyed and initialised again between
// two uses, and once per element of an array.
#include <pthread.h>
#include <string.h>

struct session {
  pthread_mutex_t lock;
  char user[16];
};

static struct session sessions[4];

static void use(struct session *session) {
  pthread_mutex_lock(&session->lock);
  session->user[0] = 'x';
  pthread_mutex_unlock(&session->lock);
}

int main(void) {
  struct session one;
  for (int i = 0; i < 4; ++i) {
    pthread_mutex_init(&sessions[i].lock, NULL);
    use(&sessions[i]);
  }
  pthread_mutex_init(&one.lock, NULL);
  use(&one);
  pthread_mutex_destroy(&one.lock);
  pthread_mutex_init(&one.lock, NULL);
  use(&one);
  pthread_mutex_destroy(&one.lock);
  for (int i = 0; i < 4; ++i)
    pthread_mutex_destroy(&sessions[i].lock);
}

// A service that waits and then works, whatever woke it.
#include <pthread.h>

struct mailer {
  pthread_mutex_t mutex;
  pthread_cond_t wanted;
  char *head;
  int sent;
};

static void send_next(struct mailer *mailer) {
  mailer->head[0] = 0;
  mailer->head = 0;
  mailer->sent++;
}

void *mailer_run(void *argument) {
  struct mailer *mailer = argument;
  for (;;) {
    pthread_mutex_lock(&mailer->mutex);
    pthread_cond_wait(&mailer->wanted, &mailer->mutex); // expect: condvar-no-predicate
    send_next(mailer);
    pthread_mutex_unlock(&mailer->mutex);
  }
  return 0;
}

void mailer_post(struct mailer *mailer, char *text) {
  pthread_mutex_lock(&mailer->mutex);
  mailer->head = text;
  pthread_cond_signal(&mailer->wanted);
  pthread_mutex_unlock(&mailer->mutex);
}

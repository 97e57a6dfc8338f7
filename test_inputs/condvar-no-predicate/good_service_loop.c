// Services that find out what there is to do after every wake-up.
#include <pthread.h>

struct mailer {
  pthread_mutex_t mutex;
  pthread_cond_t wanted;
  char *head;
  int sent;
};

static void send_all(struct mailer *mailer) {
  while (mailer->head) {
    mailer->head = 0;
    mailer->sent++;
  }
}

void *mailer_run(void *argument) {
  struct mailer *mailer = argument;
  for (;;) {
    pthread_mutex_lock(&mailer->mutex);
    pthread_cond_wait(&mailer->wanted, &mailer->mutex);
    send_all(mailer);
    pthread_mutex_unlock(&mailer->mutex);
  }
  return 0;
}

void *mailer_run_tested(void *argument) {
  struct mailer *mailer = argument;
  pthread_mutex_lock(&mailer->mutex);
  for (;;) {
    if (mailer->head == 0) {
      pthread_cond_wait(&mailer->wanted, &mailer->mutex);
      continue;
    }
    mailer->head = 0;
    mailer->sent++;
  }
  return 0;
}

void mailer_post(struct mailer *mailer, char *text) {
  pthread_mutex_lock(&mailer->mutex);
  mailer->head = text;
  pthread_cond_signal(&mailer->wanted);
  pthread_mutex_unlock(&mailer->mutex);
}

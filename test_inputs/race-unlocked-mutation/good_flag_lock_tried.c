// The device is taken by who finds `in_use` clear, with or without waiting for it.
#include <errno.h>
#include <pthread.h>
struct dev {
  pthread_mutex_t m;
  pthread_cond_t c;
  int in_use;
  long bytes;
};
static struct dev d = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};
static int try_open(struct dev *d) {
  int r = 0;
  pthread_mutex_lock(&d->m);
  if (d->in_use)
    r = -EBUSY;
  else
    d->in_use = 1;
  pthread_mutex_unlock(&d->m);
  return r;
}
static void open_wait(struct dev *d) {
  pthread_mutex_lock(&d->m);
  while (d->in_use)
    pthread_cond_wait(&d->c, &d->m);
  d->in_use = 1;
  pthread_mutex_unlock(&d->m);
}
static void close_dev(struct dev *d) {
  pthread_mutex_lock(&d->m);
  d->in_use = 0;
  pthread_cond_signal(&d->c);
  pthread_mutex_unlock(&d->m);
}
static void *a(void *p) {
  if (try_open(&d) < 0)
    return 0;
  d.bytes += 1;
  close_dev(&d);
  return p;
}
static void *b(void *p) {
  open_wait(&d);
  d.bytes += 2;
  close_dev(&d);
  return p;
}
int main(void) {
  pthread_t t[2];
  pthread_create(&t[0], 0, a, 0);
  pthread_create(&t[1], 0, b, 0);
  pthread_join(t[0], 0);
  pthread_join(t[1], 0);
}

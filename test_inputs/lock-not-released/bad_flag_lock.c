// A way out keeps the flag that everybody waits for.
#include <pthread.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static int writing;
static long pos;
static void begin(void) {
  pthread_mutex_lock(&m);
  while (writing)
    pthread_cond_wait(&c, &m);
  writing = 1;
  pthread_mutex_unlock(&m);
}
static void end(void) {
  pthread_mutex_lock(&m);
  writing = 0;
  pthread_cond_broadcast(&c);
  pthread_mutex_unlock(&m);
}
static int w(int n) {
  begin(); // expect: lock-not-released
  if (n < 0)
    return -1;
  pos += n;
  end();
  return 0;
}
static void *v(void *p) {
  w(3);
  return p;
}
int main(void) {
  pthread_t t[2];
  pthread_create(&t[0], 0, v, 0);
  pthread_create(&t[1], 0, v, 0);
  pthread_join(t[0], 0);
  pthread_join(t[1], 0);
}

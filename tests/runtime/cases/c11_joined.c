// expect: none
// thrd_join orders like pthread_join; a condition of C11 works as usual.
#include <threads.h>

static mtx_t a, b;
static cnd_t c;
static int ready;

static int worker(void *unused) {
  (void)unused;
  mtx_lock(&a);
  mtx_lock(&b);
  mtx_unlock(&b);
  ready = 1;
  cnd_signal(&c);
  mtx_unlock(&a);
  return 5;
}

int main(void) {
  mtx_init(&a, mtx_plain);
  mtx_init(&b, mtx_recursive);
  cnd_init(&c);
  thrd_t thread;
  thrd_create(&thread, worker, 0);
  mtx_lock(&a);
  while (!ready)
    cnd_wait(&c, &a);
  mtx_unlock(&a);
  int result = 0;
  thrd_join(thread, &result);
  mtx_lock(&b);
  mtx_lock(&b);
  mtx_lock(&a);
  mtx_unlock(&a);
  mtx_unlock(&b);
  mtx_unlock(&b);
  cnd_destroy(&c);
  mtx_destroy(&a);
  mtx_destroy(&b);
  return result == 5 ? 0 : 1;
}

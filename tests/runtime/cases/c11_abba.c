// expect: lock-order-inversion
#include <semaphore.h>
#include <threads.h>

static mtx_t a, b;
static sem_t done, end;

static void nest(mtx_t *outer, mtx_t *inner) {
  mtx_lock(outer);
  mtx_lock(inner);
  mtx_unlock(inner);
  mtx_unlock(outer);
}
static int worker(void *unused) {
  (void)unused;
  nest(&a, &b);
  sem_post(&done);
  sem_wait(&end);
  return 0;
}

int main(void) {
  sem_init(&done, 0, 0);
  sem_init(&end, 0, 0);
  mtx_init(&a, mtx_plain);
  mtx_init(&b, mtx_plain);
  thrd_t thread;
  thrd_create(&thread, worker, 0);
  sem_wait(&done);
  nest(&b, &a);
  sem_post(&end);
  thrd_join(thread, 0);
}

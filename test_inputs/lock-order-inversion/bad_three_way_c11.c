// Three locks of the C11 library, three threads, three pairs: no pair is
// inverted by itself, but together they make a ring.
#include <threads.h>

static mtx_t input, filter, output;
static int in, mid, out;

static int feed(void *unused) {
  (void)unused;
  mtx_lock(&input);
  mtx_lock(&filter); // expect: lock-order-inversion#ring
  mid += in++;
  mtx_unlock(&filter);
  mtx_unlock(&input);
  return 0;
}

static int drain(void *unused) {
  (void)unused;
  mtx_lock(&filter);
  mtx_lock(&output); // expect: lock-order-inversion#ring
  out += mid;
  mtx_unlock(&output);
  mtx_unlock(&filter);
  return 0;
}

static int recycle(void *unused) {
  (void)unused;
  mtx_lock(&output);
  if (out > 10) {
    mtx_lock(&input); // expect: lock-order-inversion#ring
    in = 0;
    mtx_unlock(&input);
  }
  mtx_unlock(&output);
  return 0;
}

int main(void) {
  thrd_t threads[3];
  mtx_init(&input, mtx_plain);
  mtx_init(&filter, mtx_plain);
  mtx_init(&output, mtx_plain);
  thrd_create(&threads[0], feed, NULL);
  thrd_create(&threads[1], drain, NULL);
  thrd_create(&threads[2], recycle, NULL);
  for (int i = 0; i < 3; ++i)
    thrd_join(threads[i], NULL);
}

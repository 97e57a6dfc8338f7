// Functions that call each other in a circle, and threads behind them that take a lock.
#include <pthread.h>

static int object, hits;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void visitAll(int n);

// clang-format off
static int *make0(int n) { if (n > 50) visitAll(n - 1); return &object; }
static int *make1(int n) { if (n > 50) visitAll(n - 1); return make0(n); }
static int *make2(int n) { if (n > 50) visitAll(n - 1); return make1(n); }
static int *make3(int n) { if (n > 50) visitAll(n - 1); return make2(n); }
static int *make4(int n) { if (n > 50) visitAll(n - 1); return make3(n); }
static int *make5(int n) { if (n > 50) visitAll(n - 1); return make4(n); }
static int *make6(int n) { if (n > 50) visitAll(n - 1); return make5(n); }
// clang-format on

static int *find(int n) {
  if (n == 7)
    return 0;
  return make6(n);
}

static void *count(void *argument) {
  pthread_mutex_lock(&lock);
  hits++;
  pthread_mutex_unlock(&lock);
  return argument;
}

static int start(int n) {
  pthread_t first, second;
  if (!find(n))
    return 1;
  pthread_create(&first, 0, count, 0);
  pthread_create(&second, 0, count, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return 0;
}

static void visitAll(int n) {
  make0(n);
  make1(n);
  make2(n);
  make3(n);
  make4(n);
  make5(n);
  make6(n);
  find(n);
  if (n > 90)
    start(n);
}

int main(int argc, char **argv) {
  (void)argv;
  visitAll(argc);
  return start(argc) + hits;
}

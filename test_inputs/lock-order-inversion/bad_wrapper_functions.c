// A small record store with lock wrappers. Writers lock the store, then the
// log; the log's rotation locks the log, then asks the store how big it is.
#include <pthread.h>
#include <stdio.h>

struct store {
  pthread_mutex_t mutex;
  int records;
};

static struct store store = {PTHREAD_MUTEX_INITIALIZER, 0};
static pthread_mutex_t log_mutex = PTHREAD_MUTEX_INITIALIZER;
static int log_lines;

static void store_enter(struct store *s) { pthread_mutex_lock(&s->mutex); } // expect: lock-order-inversion#rotate
static void store_leave(struct store *s) { pthread_mutex_unlock(&s->mutex); }
static void log_enter(void) { pthread_mutex_lock(&log_mutex); } // expect: lock-order-inversion#rotate
static void log_leave(void) { pthread_mutex_unlock(&log_mutex); }

static void log_line(void) {
  log_enter(); // expect: lock-order-inversion#rotate
  ++log_lines;
  log_leave();
}

static void store_add(struct store *s) {
  store_enter(s);
  ++s->records;
  log_line();
  store_leave(s);
}

static int store_size(struct store *s) {
  int size;
  store_enter(s); // expect: lock-order-inversion#rotate
  size = s->records;
  store_leave(s);
  return size;
}

static void log_rotate(void) {
  log_enter();
  if (log_lines > store_size(&store))
    log_lines = 0;
  log_leave();
}

static void *writer(void *unused) {
  for (int i = 0; i < 100; ++i)
    store_add(&store);
  return unused;
}

static void *rotator(void *unused) {
  for (int i = 0; i < 100; ++i)
    log_rotate();
  return unused;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, NULL, writer, NULL);
  pthread_create(&b, NULL, rotator, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  printf("%d records\n", store.records);
}

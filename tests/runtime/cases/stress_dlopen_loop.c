// expect: lock-order-inversion
// match: plugin_lock_pair .libruntime_case_plugin
// A library is loaded, takes locks and is unloaded, 200 times, while other
// threads take locks. What it did is still known, and named, after the last time.
#include "support.h"
#include <dlfcn.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t c = PTHREAD_MUTEX_INITIALIZER, d = PTHREAD_MUTEX_INITIALIZER;
static sem_t end;

static void *busy(void *unused) {
  while (sem_trywait(&end) != 0)
    lock2(&c, &d);
  return unused;
}
static void loads(void) {
  for (int i = 0; i < 200; ++i) {
    void *library = dlopen(PLUGIN, RTLD_NOW);
    if (!library) {
      fprintf(stderr, "%s\n", dlerror());
      exit(3);
    }
    void (*lock_pair)(pthread_mutex_t *, pthread_mutex_t *);
    *(void **)&lock_pair = dlsym(library, "plugin_lock_pair");
    lock_pair(&a, &b);
    dlclose(library);
  }
}
static void reversed(void) { lock2(&b, &a); }

int main(void) {
  pthread_t threads[2];
  sem_init(&end, 0, 0);
  for (int i = 0; i < 2; ++i)
    MUST(pthread_create(&threads[i], 0, busy, 0));
  IN_TURN(loads, reversed);
  for (int i = 0; i < 2; ++i)
    sem_post(&end);
  for (int i = 0; i < 2; ++i)
    MUST(pthread_join(threads[i], 0));
}

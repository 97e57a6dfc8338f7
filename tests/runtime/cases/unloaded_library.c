// expect: lock-order-inversion
// match: plugin_lock_pair .libruntime_case_plugin
// The code that took the locks was unloaded before the report.
#include "support.h"
#include <dlfcn.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void first(void) {
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
static void second(void) { lock2(&b, &a); }

int main(void) { IN_TURN(first, second); }

// A parser of options returns early on a bad name.
#include <pthread.h>
#include <string.h>

struct options {
  pthread_mutex_t lock;
  int verbose, level;
};

int options_set(struct options *options, const char *name, int value) {
  pthread_mutex_lock(&options->lock); // expect: lock-not-released#set
  if (strcmp(name, "verbose") == 0)
    options->verbose = value;
  else if (strcmp(name, "level") == 0)
    options->level = value;
  else
    return -1; // expect: lock-not-released#set
  pthread_mutex_unlock(&options->lock);
  return 0;
}

int main(void) {
  static struct options options = {PTHREAD_MUTEX_INITIALIZER, 0, 0};
  return options_set(&options, "level", 2);
}

// All paths leave through one label that unlocks.
#include <pthread.h>
#include <string.h>

struct options {
  pthread_mutex_t lock;
  int verbose, level;
};

int options_set(struct options *options, const char *name, int value) {
  int status = 0;
  pthread_mutex_lock(&options->lock);
  if (strcmp(name, "verbose") == 0) {
    options->verbose = value;
    goto out;
  }
  if (strcmp(name, "level") != 0) {
    status = -1;
    goto out;
  }
  options->level = value;
out:
  pthread_mutex_unlock(&options->lock);
  return status;
}

int main(void) {
  static struct options options = {PTHREAD_MUTEX_INITIALIZER, 0, 0};
  return options_set(&options, "level", 2);
}

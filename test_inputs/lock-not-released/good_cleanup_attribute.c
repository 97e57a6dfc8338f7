// The cleanup attribute releases on every path; and a function that ends the
// program instead of returning owes nothing.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int stock = 3;

static void release(pthread_mutex_t **mutex) { pthread_mutex_unlock(*mutex); }
#define HOLD(mutex)                                                                                                    \
  __attribute__((cleanup(release))) pthread_mutex_t *held = (mutex);                                                   \
  pthread_mutex_lock(held)

int take(int count) {
  HOLD(&lock);
  if (count > stock)
    return -1;
  stock -= count;
  return stock;
}

static void die(const char *why) {
  fprintf(stderr, "%s\n", why);
  exit(1);
}

int take_or_die(int count) {
  pthread_mutex_lock(&lock);
  if (count > stock)
    die("out of stock");
  stock -= count;
  pthread_mutex_unlock(&lock);
  return count;
}

int main(void) { return take(1) + take_or_die(1); }

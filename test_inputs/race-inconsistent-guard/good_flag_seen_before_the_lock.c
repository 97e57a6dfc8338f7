#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

/* The bar is drawn only once it was enabled under the lock: who has seen that and
   then takes the lock sees all that was counted before. */
static pthread_mutex_t screen = PTHREAD_MUTEX_INITIALIZER;
static volatile int enabled; // allow: race-inconsistent-guard
static int total;
static atomic_int stopped;

static void enable(void) {
  pthread_mutex_lock(&screen);
  enabled = 1; // allow: race-stop-flag
  pthread_mutex_unlock(&screen);
}

static void *draw(void *arg) {
  (void)arg;
  while (!atomic_load(&stopped)) {
    if (enabled) { // allow: race-inconsistent-guard, race-double-checked-locking, race-stop-flag
      pthread_mutex_lock(&screen);
      printf("%d\n", total);
      pthread_mutex_unlock(&screen);
    }
  }
  return NULL;
}

static void *draw_again(void *arg) {
  (void)arg;
  pthread_mutex_lock(&screen);
  if (enabled)
    printf("%d\n", total);
  pthread_mutex_unlock(&screen);
  return NULL;
}

int main(int argc, char **argv) {
  (void)argv;
  pthread_t id, other;
  pthread_create(&id, NULL, draw, NULL);
  pthread_create(&other, NULL, draw_again, NULL);
  for (int i = 0; i < argc; i++)
    total++;
  enable();
  atomic_store(&stopped, 1);
  pthread_join(id, NULL);
  pthread_join(other, NULL);
  return 0;
}

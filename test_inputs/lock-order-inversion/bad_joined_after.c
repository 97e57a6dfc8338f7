// The thread that takes the two locks the other way round still runs when the
// shutdown takes them: it is waited for afterwards.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t pause_lock = PTHREAD_MUTEX_INITIALIZER, cleaner_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_t maintenance;
static pthread_t cleaner;
static bool stopped;
static int swept;

static void pause_workers(void) {
  pthread_mutex_lock(&pause_lock);
  ++swept;
  pthread_mutex_unlock(&pause_lock);
}

static void *maintain(void *unused) {
  pthread_mutex_lock(&cleaner_lock);
  pause_workers(); // expect: lock-order-inversion#two
  pthread_mutex_unlock(&cleaner_lock);
  return unused;
}

static void *clean(void *unused) {
  pthread_mutex_lock(&cleaner_lock);
  while (!stopped) {
    ++swept;
    pthread_mutex_unlock(&cleaner_lock);
    pthread_mutex_lock(&cleaner_lock);
  }
  pthread_mutex_unlock(&cleaner_lock);
  return unused;
}

static void stop_maintenance(void) { pthread_join(maintenance, NULL); }

static void stop_cleaner(void) {
  pthread_mutex_lock(&cleaner_lock);
  stopped = true;
  pthread_mutex_unlock(&cleaner_lock);
}

static void stop_all(void) {
  pthread_mutex_lock(&pause_lock);
  stop_cleaner(); // expect: lock-order-inversion#two
  pthread_mutex_unlock(&pause_lock);
  stop_maintenance();
  pthread_join(cleaner, NULL);
}

int main(void) {
  if (pthread_create(&maintenance, NULL, maintain, NULL) != 0)
    return 1;
  if (pthread_create(&cleaner, NULL, clean, NULL) != 0)
    return 1;
  stop_all();
  return swept;
}

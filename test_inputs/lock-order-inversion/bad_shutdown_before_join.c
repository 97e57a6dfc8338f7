// The shutdown takes the two locks the other way round while the reload thread
// still runs: it is joined one line too late.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

struct worker {
  pthread_t thread;
  const char *name;
};

static pthread_mutex_t config_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t transfer_lock = PTHREAD_MUTEX_INITIALIZER;
static struct worker *reload_worker, *watch_worker;
static int reload_running, transfers, version;

struct start {
  void *(*run)(void *);
  struct worker *worker;
};

static void *start_routine(void *argument) {
  struct start *start = argument;
  void *(*run)(void *) = start->run;
  struct worker *worker = start->worker;
  free(start);
  return run(worker);
}

static struct worker *worker_create(const char *name, void *(*run)(void *)) {
  struct worker *worker = calloc(1, sizeof *worker);
  struct start *start = calloc(1, sizeof *start);
  if (!worker || !start)
    abort();
  worker->name = name;
  start->run = run;
  start->worker = worker;
  pthread_create(&worker->thread, NULL, start_routine, start);
  return worker;
}

static void worker_join(struct worker *worker) {
  pthread_join(worker->thread, NULL);
  free(worker);
}

static void *reload_run(void *unused) {
  (void)unused;
  while (reload_running) {
    pthread_mutex_lock(&config_lock);
    ++version;
    pthread_mutex_lock(&transfer_lock); // expect: lock-order-inversion#late
    transfers = 0;
    pthread_mutex_unlock(&transfer_lock);
    pthread_mutex_unlock(&config_lock);
    sleep(1);
  }
  return NULL;
}

static void *watch_run(void *unused) {
  (void)unused;
  pthread_mutex_lock(&transfer_lock);
  int count = transfers;
  pthread_mutex_unlock(&transfer_lock);
  return count ? NULL : &transfers;
}

static void reload_initialize(void) {
  if (reload_running)
    return;
  reload_running = 1;
  reload_worker = worker_create("reload", reload_run);
}

static void reload_shutdown(void) {
  if (!reload_running)
    return;
  reload_running = 0;
  worker_join(reload_worker);
}

static void transfer_shutdown(void) {
  pthread_mutex_lock(&transfer_lock);
  transfers = -1;
  pthread_mutex_lock(&config_lock); // expect: lock-order-inversion#late
  version = 0;
  pthread_mutex_unlock(&config_lock);
  pthread_mutex_unlock(&transfer_lock);
}

static void shutdown_parts(void) {
  transfer_shutdown();
  reload_shutdown();
  worker_join(watch_worker);
}

int main(void) {
  reload_initialize();
  watch_worker = worker_create("watch", watch_run);
  sleep(10);
  shutdown_parts();
  return 0;
}

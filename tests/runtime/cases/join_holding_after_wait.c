// expect: join-holding-lock
// options: halt_on_error=1
// The mutex came back by a condition, but the joined thread waits for it once more.
#include "support.h"
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t again;
static long started;

static void *worker(void *unused) {
  pthread_mutex_lock(&a);
  started = syscall(SYS_gettid);
  pthread_cond_signal(&changed);
  pthread_mutex_unlock(&a);
  await(&again);
  pthread_mutex_lock(&a);
  pthread_mutex_unlock(&a);
  return unused;
}

/* The kernel tells the call and its arguments while a thread sleeps in it. */
static int sleeps_on(long thread, const void *word) {
  char path[64], wanted[64], line[256] = "";
  snprintf(path, sizeof(path), "/proc/self/task/%ld/syscall", thread);
  snprintf(wanted, sizeof(wanted), "%d %p", SYS_futex, word);
  FILE *file = fopen(path, "r");
  if (!file || !fgets(line, sizeof(line), file))
    line[0] = 0;
  if (file)
    fclose(file);
  return strncmp(line, wanted, strlen(wanted)) == 0;
}

int main(void) {
  sem_init(&again, 0, 0);
  pthread_t thread;
  pthread_mutex_lock(&a);
  MUST(pthread_create(&thread, 0, worker, 0));
  while (!started)
    pthread_cond_wait(&changed, &a);
  signal_to(&again);
  while (!sleeps_on(started, &a))
    sched_yield();
  MUST(pthread_join(thread, 0));
  pthread_mutex_unlock(&a);
}

// A pool calls what a job says, with its argument; jobs of one of the two kinds count under a lock.
#include <pthread.h>
#include <stdlib.h>
typedef struct job {
  void (*fn)(void *);
  void *arg;
  struct job *next;
} job_t;
static job_t *head, *tail;
static int closing;
static pthread_mutex_t qmu = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t qcv = PTHREAD_COND_INITIALIZER;
static pthread_mutex_t smu = PTHREAD_MUTEX_INITIALIZER;
static long words;
static void *pool_thread(void *unused) {
  (void)unused;
  for (;;) {
    pthread_mutex_lock(&qmu);
    while (!head && !closing)
      pthread_cond_wait(&qcv, &qmu);
    if (!head) {
      pthread_mutex_unlock(&qmu);
      return NULL;
    }
    job_t *j = head;
    head = j->next;
    if (!head)
      tail = NULL;
    pthread_mutex_unlock(&qmu);
    j->fn(j->arg);
    free(j);
  }
}
static void pool_add(void (*fn)(void *), void *arg) {
  job_t *j = malloc(sizeof *j);
  if (!j)
    abort();
  j->fn = fn;
  j->arg = arg;
  j->next = NULL;
  pthread_mutex_lock(&qmu);
  if (tail)
    tail->next = j;
  else
    head = j;
  tail = j;
  pthread_cond_signal(&qcv);
  pthread_mutex_unlock(&qmu);
}
static void count_words(void *arg) {
  const char *s = arg;
  long n = 0;
  for (; *s; s++)
    n += *s == ' ';
  pthread_mutex_lock(&smu);
  words += n;
  pthread_mutex_unlock(&smu);
}
static void nothing(void *arg) { (void)arg; }
int main(void) {
  pthread_t t[4];
  for (int i = 0; i < 4; i++)
    pthread_create(&t[i], NULL, pool_thread, NULL);
  for (int i = 0; i < 16; i++)
    pool_add(i % 2 ? count_words : nothing, "a b c");
  pthread_mutex_lock(&qmu);
  closing = 1;
  pthread_cond_broadcast(&qcv);
  pthread_mutex_unlock(&qmu);
  for (int i = 0; i < 4; i++)
    pthread_join(t[i], NULL);
  return (int)words;
}

// flags: -std=gnu17
// Only the time-out is looked at: a spurious wake-up is taken for an answer.
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t answered = PTHREAD_COND_INITIALIZER;
static int answer;

int ask(int seconds) {
  struct timespec until;
  int rc = 0;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_sec += seconds;
  pthread_mutex_lock(&mutex);
  if (answer == 0)
    rc = pthread_cond_timedwait(&answered, &mutex, &until); // expect: condvar-no-predicate
  pthread_mutex_unlock(&mutex);
  return rc == ETIMEDOUT ? -1 : 0;
}

void reply(int value) {
  pthread_mutex_lock(&mutex);
  answer = value;
  pthread_cond_signal(&answered);
  pthread_mutex_unlock(&mutex);
}

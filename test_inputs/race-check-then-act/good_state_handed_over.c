// Who waited for a state acts on it later: nobody else waits for the same.
#include <pthread.h>
#include <unistd.h>
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
enum { IDLE, WORKING, DONE };
static int state = IDLE;
static int result; /* owned by the worker while WORKING, by main when DONE */
static void *worker(void *p) {
  pthread_mutex_lock(&m);
  while (state != WORKING)
    pthread_cond_wait(&c, &m);
  pthread_mutex_unlock(&m);
  for (int i = 0; i < 100; i++)
    result += i;
  pthread_mutex_lock(&m);
  state = DONE;
  pthread_cond_signal(&c);
  pthread_mutex_unlock(&m);
  return p;
}
int main(void) {
  pthread_t t;
  pthread_create(&t, 0, worker, 0);
  result = 1;
  pthread_mutex_lock(&m);
  state = WORKING;
  pthread_cond_signal(&c);
  while (state != DONE)
    pthread_cond_wait(&c, &m);
  pthread_mutex_unlock(&m);
  result++;
  pthread_join(t, 0);
  return result;
}

// The thread waits until the pointer is another one than it had been given, which only
// the starter makes so, after it has set the total.
#include <pthread.h>
#include <stdlib.h>

struct node {
  struct node *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct node first, second;
static struct node *head = &first;
static long total;

static void wait_for_other(struct node *known) {
  pthread_mutex_lock(&lock);
  while (head == known)
    pthread_cond_wait(&changed, &lock);
  pthread_mutex_unlock(&lock);
}

static void *work(void *known) {
  wait_for_other(known);
  total++;
  return 0;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, 0, work, &first))
    return 1;
  total = 40;
  pthread_mutex_lock(&lock);
  head = &second;
  pthread_mutex_unlock(&lock);
  pthread_cond_signal(&changed);
  pthread_join(thread, 0);
  return 0;
}

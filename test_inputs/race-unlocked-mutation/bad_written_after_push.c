// The maker of an object writes it after it was put into a shared list.
#include <pthread.h>
#include <stdlib.h>
struct job {
  int size;
  int priority;
  struct job *next;
};
static struct job *head;
static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t c = PTHREAD_COND_INITIALIZER;
static void push(struct job *j) {
  pthread_mutex_lock(&m);
  j->next = head;
  head = j;
  pthread_cond_signal(&c);
  pthread_mutex_unlock(&m);
}
static void *consumer(void *arg) {
  long sum = 0;
  (void)arg;
  for (int i = 0; i < 10; ++i) {
    pthread_mutex_lock(&m);
    while (!head)
      pthread_cond_wait(&c, &m);
    struct job *j = head;
    head = j->next;
    pthread_mutex_unlock(&m);
    sum += j->priority * j->size;
    free(j);
  }
  return (void *)sum;
}
int main(void) {
  pthread_t t;
  pthread_create(&t, NULL, consumer, NULL);
  for (int i = 0; i < 10; ++i) {
    struct job *j = malloc(sizeof *j);
    j->size = i;
    push(j);
    j->priority = 3; // expect: race-unlocked-mutation
  }
  pthread_join(t, NULL);
}

// What was taken out of a list is put back: nothing rests on how the list looked before.
#include <pthread.h>
#include <stdlib.h>
struct node {
  int v;
  struct node *next;
};
struct list {
  struct node *head;
  pthread_mutex_t mu;
};
static struct list active = {0, PTHREAD_MUTEX_INITIALIZER}, idle = {0, PTHREAD_MUTEX_INITIALIZER};
static void push(struct list *l, struct node *n) {
  pthread_mutex_lock(&l->mu);
  n->next = l->head;
  l->head = n;
  pthread_mutex_unlock(&l->mu);
}
static struct node *pop(struct list *l) {
  pthread_mutex_lock(&l->mu);
  struct node *n = l->head;
  if (n)
    l->head = n->next;
  pthread_mutex_unlock(&l->mu);
  return n;
}
static void *mover(void *a) {
  for (int i = 0; i < 100; i++) {
    struct node *n = pop(&active);
    if (n)
      push(&active, n);
  }
  return a;
}
int main(void) {
  pthread_t t[2];
  for (int i = 0; i < 10; i++)
    push(&active, calloc(1, sizeof(struct node)));
  for (int i = 0; i < 2; i++)
    pthread_create(&t[i], 0, mover, 0);
  for (int i = 0; i < 2; i++)
    pthread_join(t[i], 0);
  return 0;
}

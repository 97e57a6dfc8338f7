// The callee tests under the lock whether there is an element; its argument is the object itself.
#include <pthread.h>
#include <stdlib.h>
struct node {
  struct node *next;
  int v;
};
struct stack {
  pthread_mutex_t m;
  struct node *top;
  int size;
};
static int size(struct stack *s) {
  pthread_mutex_lock(&s->m);
  int n = s->size;
  pthread_mutex_unlock(&s->m);
  return n;
}
static int pop(struct stack *s) {
  pthread_mutex_lock(&s->m);
  struct node *n = s->top;
  if (!n) {
    pthread_mutex_unlock(&s->m);
    return -1;
  }
  s->top = n->next;
  s->size--;
  pthread_mutex_unlock(&s->m);
  int v = n->v;
  free(n);
  return v;
}
static void push(struct stack *s, int v) {
  struct node *n = malloc(sizeof *n);
  n->v = v;
  pthread_mutex_lock(&s->m);
  n->next = s->top;
  s->top = n;
  s->size++;
  pthread_mutex_unlock(&s->m);
}
static void *drain(void *a) {
  struct stack *s = a;
  long t = 0;
  while (size(s) > 0)
    t += pop(s);
  return (void *)t;
}
int main(void) {
  struct stack s = {.top = 0};
  pthread_mutex_init(&s.m, 0);
  for (int i = 0; i < 9; ++i)
    push(&s, i);
  pthread_t a, b;
  pthread_create(&a, 0, drain, &s);
  pthread_create(&b, 0, drain, &s);
  pthread_join(a, 0);
  pthread_join(b, 0);
}

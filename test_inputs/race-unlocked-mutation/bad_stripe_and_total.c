// Each bucket has a lock of its own, which does not guard the one total.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#define NB 64
struct ent {
  struct ent *next;
  char *k;
  int v;
};
struct ht {
  struct ent *b[NB];
  pthread_mutex_t l[NB];
  size_t n;
  pthread_mutex_t nl;
};
static unsigned hash(const char *s) {
  unsigned h = 5381;
  while (*s)
    h = h * 33 + (unsigned char)*s++;
  return h;
}
int ht_put(struct ht *t, const char *k, int v) {
  unsigned h = hash(k) % NB;
  struct ent *e;
  pthread_mutex_lock(&t->l[h]);
  for (e = t->b[h]; e; e = e->next)
    if (!strcmp(e->k, k)) {
      e->v = v;
      pthread_mutex_unlock(&t->l[h]);
      return 0;
    }
  e = malloc(sizeof *e);
  if (!e) {
    pthread_mutex_unlock(&t->l[h]);
    return -1;
  }
  e->k = strdup(k);
  e->v = v;
  e->next = t->b[h];
  t->b[h] = e;
  t->n++; // expect: race-unlocked-mutation
  pthread_mutex_unlock(&t->l[h]);
  return 1;
}
static struct ht table;
static void *filler(void *a) {
  const char **w = a;
  while (*w)
    ht_put(&table, *w++, 1);
  return NULL;
}
int main(void) {
  const char *w1[] = {"a", "b", 0}, *w2[] = {"c", "d", 0};
  pthread_t a, b;
  for (int i = 0; i < NB; i++)
    pthread_mutex_init(&table.l[i], NULL);
  pthread_mutex_init(&table.nl, NULL);
  pthread_create(&a, NULL, filler, w1);
  pthread_create(&b, NULL, filler, w2);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
  return (int)table.n;
}

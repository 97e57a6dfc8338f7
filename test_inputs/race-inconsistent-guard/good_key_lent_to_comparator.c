#include <pthread.h>
#include <stddef.h>

/* A lookup makes a key on its own stack and lends it to the function that compares:
   each thread has a key of its own, whoever searches under which lock. */
struct node {
  struct node *next;
  int priority;
};

struct tree {
  struct node *first;
  int (*compare)(const struct node *, const struct node *);
};

static pthread_mutex_t zone_lock = PTHREAD_MUTEX_INITIALIZER;

static int by_priority(const struct node *a, const struct node *b) { return a->priority - b->priority; }

static struct node *search(struct tree *tree, struct node *key) {
  struct node *at = tree->first;
  while (at && tree->compare(key, at) != 0)
    at = at->next;
  return at;
}

static struct node *find(struct tree *tree, int priority) {
  struct node key;
  key.next = &key;
  key.priority = priority;
  return search(tree, &key);
}

static void *work(void *arg) {
  struct tree *tree = arg;
  for (int i = 0; i < 100; i++)
    find(tree, i);
  pthread_mutex_lock(&zone_lock);
  find(tree, 7);
  pthread_mutex_unlock(&zone_lock);
  return NULL;
}

int main(void) {
  struct node one = {NULL, 1};
  struct tree tree = {&one, by_priority};
  pthread_t id;
  pthread_create(&id, NULL, work, &tree);
  pthread_mutex_lock(&zone_lock);
  find(&tree, 3);
  pthread_mutex_unlock(&zone_lock);
  find(&tree, 2);
  pthread_join(id, NULL);
  return 0;
}

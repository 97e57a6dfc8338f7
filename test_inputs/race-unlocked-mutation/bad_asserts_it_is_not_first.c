// A list's function asserts under the lock that the new node is not the first one. That
// a pointer differs from one at hand is so from the start: it waits for nobody, so what
// one thread does before it registers itself is not ordered with what another does after it.
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

struct node {
  struct node *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct node *head;
static long total;

static void link_in(struct node *node) {
  pthread_mutex_lock(&lock);
  assert(node != head);
  node->next = head;
  head = node;
  pthread_mutex_unlock(&lock);
}

static void *work(void *unused) {
  struct node *node = malloc(sizeof *node);
  if (node == 0)
    return 0;
  link_in(node);
  total++; // expect: race-unlocked-mutation
  return unused;
}

int main(void) {
  pthread_t thread;
  static struct node own;
  if (pthread_create(&thread, 0, work, 0))
    return 1;
  total = 40;
  link_in(&own);
  pthread_join(thread, 0);
  return 0;
}

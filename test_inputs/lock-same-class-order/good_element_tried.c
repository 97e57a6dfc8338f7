// One of many locks is tried, handed back as a result, and released through it
// at the end of each round; then another function takes one of them.
#include <pthread.h>
#include <stddef.h>

enum { LOCKS = 16 };
static pthread_mutex_t locks[LOCKS];

struct item {
  struct item *next;
  unsigned hash;
  int references;
};

static void *try_item(unsigned hash) {
  pthread_mutex_t *lock = &locks[hash % LOCKS];
  if (pthread_mutex_trylock(lock) == 0)
    return lock;
  return NULL;
}

static void release_item(void *lock) { pthread_mutex_unlock((pthread_mutex_t *)lock); }

static int pull(struct item *tail, unsigned keep) {
  int removed = 0;
  for (struct item *it = tail; it != NULL; it = it->next) {
    void *held = NULL;
    if (it->hash != keep && (held = try_item(it->hash)) == NULL)
      continue;
    if (it->references == 2) {
      ++removed;
      if (held)
        release_item(held);
      continue;
    }
    it->references = 1;
    if (held)
      release_item(held);
    if (removed > 4)
      break;
  }
  return removed;
}

static int get(struct item *it) {
  pthread_mutex_t *lock = &locks[it->hash % LOCKS];
  pthread_mutex_lock(lock);
  int references = ++it->references;
  pthread_mutex_unlock(lock);
  return references;
}

int allocate(struct item *tail, struct item *wanted) {
  int removed = pull(tail, wanted->hash);
  return removed + get(wanted);
}

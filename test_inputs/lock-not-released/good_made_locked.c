// An object that is made locked and returned, unless there is one already: the
// path that unlocks it throws it away.
#include <pthread.h>
#include <stdlib.h>

struct query {
  pthread_mutex_t lock;
  struct query *next;
  int key;
};
struct cache {
  pthread_mutex_t lock;
  struct query *first;
  int count;
};

int insert(struct cache *cache, struct query *query);
struct query *make_query(int key);
struct query *find(struct cache *cache, int key);
int choose(int rc, int key);

struct query *add_query(struct cache *cache, int key, int locked) {
  struct query *query = make_query(key);
  int rc;
  if (!query)
    return NULL;
  pthread_mutex_init(&query->lock, NULL);
  query->key = key;
  if (locked)
    pthread_mutex_lock(&query->lock);
  pthread_mutex_lock(&cache->lock);
  rc = insert(cache, query);
  if (rc == 0) {
    ++cache->count;
  } else {
    if (locked)
      pthread_mutex_unlock(&query->lock);
    pthread_mutex_destroy(&query->lock);
    free(query);
    query = find(cache, key);
  }
  pthread_mutex_unlock(&cache->lock);
  return rc == 0 ? query : NULL;
}

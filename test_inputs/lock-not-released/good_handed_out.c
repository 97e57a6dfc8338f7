/* `lookup` returns an entry whose lock is held, or none. */
#include <pthread.h>
#include <stddef.h>

struct entry {
  pthread_mutex_t lock;
  struct entry *next;
  int key, balance, limit;
};
static struct entry *entries;
static pthread_mutex_t entriesLock = PTHREAD_MUTEX_INITIALIZER;

void insert(struct entry *added) {
  pthread_mutex_init(&added->lock, NULL);
  pthread_mutex_lock(&entriesLock);
  added->next = entries;
  entries = added;
  pthread_mutex_unlock(&entriesLock);
}

static struct entry *lookup(int key) {
  pthread_mutex_lock(&entriesLock);
  for (struct entry *one = entries; one; one = one->next)
    if (one->key == key) {
      pthread_mutex_lock(&one->lock);
      pthread_mutex_unlock(&entriesLock);
      return one;
    }
  pthread_mutex_unlock(&entriesLock);
  return NULL;
}

static void put(struct entry *one) { pthread_mutex_unlock(&one->lock); }

int charge(int key, int amount) {
  struct entry *one = lookup(key);
  if (!one)
    return -1;
  if (one->balance + amount > one->limit) {
    put(one);
    return -2;
  }
  one->balance += amount;
  put(one);
  return 0;
}

/* Each round's `lookup` returns another entry, or the same one after it was put back. */
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

int chargeAll(const int *keys, int count, int amount) {
  for (int i = 0; i < count; i++) {
    struct entry *one = lookup(keys[i]);
    if (!one)
      continue;
    one->balance += amount;
    put(one);
  }
  return 0;
}

int move(int from, int to, int amount) {
  struct entry *giver = lookup(from);
  if (!giver)
    return -1;
  giver->balance -= amount;
  put(giver);
  struct entry *taker = lookup(to);
  if (!taker)
    return -2;
  taker->balance += amount;
  pthread_mutex_unlock(&taker->lock);
  pthread_mutex_lock(&taker->lock);
  taker->limit++;
  put(taker);
  return 0;
}

// One list is of a kind that the switch does not know: the loop goes on with the
// item's lock, and the thread sleeps with it.
#include <pthread.h>
#include <stddef.h>
#include <unistd.h>

enum { LIST_HOT = 0, LIST_WARM = 64, LIST_COLD = 128, LIST_TEMPORARY = 129 };

struct item {
  struct item *previous;
  unsigned hash, flags;
  int list;
};

static pthread_mutex_t item_locks[64];
static pthread_mutex_t list_locks[192];
static struct item *tails[192];

static void *item_try_lock(unsigned hash) {
  pthread_mutex_t *lock = &item_locks[hash & 63];
  if (pthread_mutex_trylock(lock) == 0)
    return lock;
  return NULL;
}

static void item_give_back(void *lock) {
  pthread_mutex_unlock((pthread_mutex_t *)lock);
}

static int pull_tail(int id, const int list, int limit) {
  struct item *found = NULL;
  void *held = NULL;
  int moved = 0, tries = 5;
  pthread_mutex_lock(&list_locks[id + list]);
  struct item *search = tails[id + list], *next;
  for (; tries > 0 && search; --tries, search = next) {
    next = search->previous;
    if ((held = item_try_lock(search->hash)) == NULL)
      continue;
    if (search->flags & 4) {
      item_give_back(held);
      ++moved;
      continue;
    }
    switch (list) {
    case LIST_HOT:
    case LIST_WARM:
      if (search->flags & 1) {
        ++moved;
        item_give_back(held);
      } else {
        found = search;
      }
      break;
    case LIST_COLD:
      found = search;
      if (moved > limit)
        ++moved;
      break;
    }
    if (found)
      break;
  }
  pthread_mutex_unlock(&list_locks[id + list]);
  if (found) {
    found->list = list;
    item_give_back(held);
  }
  return moved;
}

static int juggle(int id) {
  int moved = pull_tail(id, LIST_HOT, 10);
  moved += pull_tail(id, LIST_WARM, 20);
  moved += pull_tail(id, LIST_COLD, 30);
  moved += pull_tail(id, LIST_TEMPORARY, 30);
  return moved;
}

static void *maintain(void *unused) {
  (void)unused;
  for (;;) {
    usleep(200000); // expect: lock-blocking-call
    for (int id = 0; id < 64; ++id)
      juggle(id);
  }
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, maintain, NULL);
  pthread_join(thread, NULL);
  return 0;
}

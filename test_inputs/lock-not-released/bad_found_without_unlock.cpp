// Whoever releases further down, or at the one way out, does not hand the lock
// over on success: the early return forgot it. Nobody calls these.
#include <pthread.h>
#include <stdlib.h>
#include <string>

struct Item {
  int key;
  Item *next;
};
struct Table {
  pthread_mutex_t lock;
  Item *list;
  int count, room;
};

Item *find(Table *table, int key) {
  pthread_mutex_lock(&table->lock); // expect: lock-not-released
  for (Item *item = table->list; item; item = item->next)
    if (item->key == key)
      return item;
  pthread_mutex_unlock(&table->lock);
  return nullptr;
}

bool has(Table *table, int key) {
  pthread_mutex_lock(&table->lock); // expect: lock-not-released
  for (Item *item = table->list; item; item = item->next)
    if (item->key == key) {
      pthread_mutex_unlock(&table->lock);
      return true;
    }
  return false;
}

int put(Table *table, Item *item) {
  pthread_mutex_lock(&table->lock); // expect: lock-not-released
  if (table->count == table->room)
    return 0;
  item->next = table->list;
  table->list = item;
  ++table->count;
  pthread_mutex_unlock(&table->lock);
  return 1;
}

int remove(Table *table) {
  int done = 0;
  pthread_mutex_lock(&table->lock); // expect: lock-not-released
  if (!table->list)
    goto out;
  table->list = table->list->next;
  done = 1;
  pthread_mutex_unlock(&table->lock);
out:
  return done;
}

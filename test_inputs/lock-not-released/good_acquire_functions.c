// Functions whose business is to return with the lock held: always, on success
// only, or as a pointer to the locked object.
#include <pthread.h>
#include <stddef.h>

struct slot {
  pthread_mutex_t lock;
  int id, users;
};

static struct slot slots[4] = {{PTHREAD_MUTEX_INITIALIZER, 1, 0}, {PTHREAD_MUTEX_INITIALIZER, 2, 0}};

static void slot_lock(struct slot *slot) { pthread_mutex_lock(&slot->lock); }
static void slot_unlock(struct slot *slot) { pthread_mutex_unlock(&slot->lock); }

static int slot_enter(struct slot *slot) {
  slot_lock(slot);
  if (slot->id == 0) {
    slot_unlock(slot);
    return -1;
  }
  return 0;
}

static struct slot *slot_find(int id) {
  for (int i = 0; i < 4; ++i) {
    slot_lock(&slots[i]);
    if (slots[i].id == id)
      return &slots[i];
    slot_unlock(&slots[i]);
  }
  return NULL;
}

int main(void) {
  struct slot *slot = slot_find(2);
  if (slot) {
    ++slot->users;
    slot_unlock(slot);
  }
  if (slot_enter(&slots[0]) == 0) {
    ++slots[0].users;
    slot_unlock(&slots[0]);
  }
  return 0;
}

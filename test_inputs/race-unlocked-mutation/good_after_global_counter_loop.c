// The counter of a loop is a global with constant bounds; the threads behind it take a lock.
#include <pthread.h>

struct Cursor {
  unsigned at;
};

static unsigned table[256];
static struct Cursor cursor;
static int hits;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static unsigned advance(void) { return cursor.at += 2; }

static void fillTable(void) {
  cursor.at = 0;
  while (advance() < 256)
    table[cursor.at] = cursor.at * 3;
}

static void *count(void *argument) {
  pthread_mutex_lock(&lock);
  hits++;
  pthread_mutex_unlock(&lock);
  return argument;
}

int main(void) {
  pthread_t first, second;
  fillTable();
  pthread_create(&first, 0, count, 0);
  pthread_create(&second, 0, count, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return hits;
}

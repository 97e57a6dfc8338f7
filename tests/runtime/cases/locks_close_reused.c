// expect: lock-order-inversion
// Each mutex at this place is another one, however many there were in its page; only
// the last one is taken in both orders.
#include "support.h"
#include <malloc.h>

enum { Mutexes = 20, Bytes = Mutexes * sizeof(pthread_mutex_t) };

static pthread_mutex_t fixed = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t *pool;

static void many_lives(void) {
  for (int life = 0; life < 300; ++life)
    for (int i = 0; i < Mutexes; ++i) {
      lock2(&pool[i], &fixed);
      pthread_mutex_destroy(&pool[i]);
      pthread_mutex_init(&pool[i], 0);
    }
}
static void reversed(void) {
  for (int i = 0; i < Mutexes; ++i)
    lock2(&fixed, &pool[i]);
}
static void freed(void) {
  pthread_mutex_t *before = pool;
  free(pool);
  pool = (pthread_mutex_t *)memset(malloc(Bytes), 0, Bytes);
  if (pool != before)
    exit(4); // proves nothing
}
/// Then the memory is another pool's.
static void again(void) {
  freed();
  lock2(&pool[3], &fixed);
}
static void last(void) { lock2(&fixed, &pool[3]); }

int main(void) {
  mallopt(M_ARENA_MAX, 1); // so that another thread gets the same memory again
  pool = (pthread_mutex_t *)memset(malloc(Bytes), 0, Bytes);
  IN_TURN(many_lives, reversed, again, last);
}

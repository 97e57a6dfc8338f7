// One thread writes the members of a structure all at once, by an assignment,
// through a pointer and with memset; another one looks at single members.
#include <pthread.h>
#include <string.h>

struct position {
  int x, y;
};
struct speed {
  int along, across;
};
struct ship {
  struct position at;
  int heading;
};

static struct position where;
static struct speed fast;
static struct ship own;

static void moveTo(struct position *place, int x) {
  struct position next = {x, 0};
  *place = next; // expect: race-unlocked-mutation
}

static void *sail(void *unused) {
  (void)unused;
  moveTo(&where, 3);
  memset(&fast, 0, sizeof fast); // expect: race-unlocked-mutation
  struct ship next = {{1, 2}, 90};
  own = next; // expect: race-unlocked-mutation
  return 0;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, 0, sail, 0);
  int seen = where.x + fast.across + own.heading;
  pthread_join(thread, 0);
  return seen;
}

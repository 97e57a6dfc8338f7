// A handle with static storage that no code ever joins; the thread does end.
#include <pthread.h>

static pthread_t refresher;
static int rounds;

static void *refresh(void *argument) {
  while (rounds < 10)
    rounds++; // allow: race-unlocked-mutation
  return argument;
}

int start_refresher(void) {
  return pthread_create(&refresher, 0, refresh, 0); // expect: thread-not-joined
}

// A flag does not keep threads of one kind apart: somebody else clears it, the thread
// clears it before it is done, it is tested without the lock, or it is never set.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int clearedByOthers, clearedEarly, testedWithout, neverSet;
static int others, early, late, without, never;


static void *countOthers(void *unused) {
  others++; // expect: race-unlocked-mutation
  pthread_mutex_lock(&lock);
  clearedByOthers = 0;
  pthread_mutex_unlock(&lock);
  return unused;
}

static void *countEarly(void *unused) {
  early++;
  pthread_mutex_lock(&lock);
  clearedEarly = 0;
  pthread_mutex_unlock(&lock);
  late++; // expect: race-unlocked-mutation
  return unused;
}

static void *countWithout(void *unused) {
  without++; // expect: race-unlocked-mutation
  testedWithout = 0; // expect: race-unlocked-mutation
  return unused;
}

static void *countNever(void *unused) {
  never++; // expect: race-unlocked-mutation
  pthread_mutex_lock(&lock);
  neverSet = 0;
  pthread_mutex_unlock(&lock);
  return unused;
}

static void start(void *(*run)(void *)) {
  pthread_t thread;
  pthread_create(&thread, NULL, run, NULL);
  pthread_detach(thread);
}

static void *client(void *argument) {
  pthread_mutex_lock(&lock);
  if (clearedByOthers == 0) {
    clearedByOthers = 1;
    start(countOthers);
  }
  if (clearedEarly == 0) {
    clearedEarly = 1;
    start(countEarly);
  }
  if (neverSet == 0)
    start(countNever);
  pthread_mutex_unlock(&lock);
  if (testedWithout == 0) {
    testedWithout = 1;
    start(countWithout);
  }
  if (argument) {
    pthread_mutex_lock(&lock);
    clearedByOthers = 0; // expect: race-check-then-act
    pthread_mutex_unlock(&lock);
  }
  return NULL;
}

int main(int argc, char **argv) {
  pthread_t clients[2];
  for (int i = 0; i < 2; ++i)
    pthread_create(&clients[i], NULL, client, argc > 1 ? argv : NULL);
  for (int i = 0; i < 2; ++i)
    pthread_join(clients[i], NULL);
  return 0;
}

// What tells whether something is set up is not what `main` has set before it starts
// threads: it is cleared while they run, it never gets the value that is asked for,
// another one is asked, only the threads set it, or it belongs to each object.
#include <pthread.h>
#include <stdlib.h>

enum { Unset, Begun, Ready };

static int isSet;
static int cleared;

static void setUp(void) {
  if (isSet == 1)
    return;
  cleared = 5; // expect: race-unlocked-mutation
  isSet = 1;   // expect: race-unlocked-mutation
}

static int state;
static int neverReady;

static void begin(void) {
  if (state == Ready)
    return;
  neverReady = 5; // expect: race-unlocked-mutation
  state = Begun;  // expect: race-unlocked-mutation
}

static int asked, set;
static int otherAsked;

static void ask(void) {
  if (asked == 1)
    return;
  otherAsked = 5; // expect: race-unlocked-mutation
  set = 1;        // expect: race-unlocked-mutation
}

static int late;
static int lateSet;

static void setLate(void) {
  if (late == 1)
    return;
  lateSet = 5; // expect: race-unlocked-mutation
  late = 1;    // expect: race-unlocked-mutation
}

static void *work(void *argument) {
  setUp();
  begin();
  ask();
  setLate();
  if (argument) {
    isSet = 0;
    asked = 1; // expect: race-unlocked-mutation
  }
  return (void *)(long)(cleared + neverReady + otherAsked + lateSet);
}

int main(int argc, char **argv) {
  (void)argv;
  pthread_t threads[2];
  setUp();
  begin();
  ask();
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, work, argc > 1 ? &state : NULL);
  setLate();
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
  return 0;
}

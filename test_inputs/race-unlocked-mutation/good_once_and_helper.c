// What is filled in once is read in a function that is called after that.
#include <pthread.h>
#include <stdio.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int version[3];

static void findVersion(void) {
  version[0] = 1;
  version[1] = 2;
}

static int initialize(void) {
  pthread_once(&once, findVersion);
  return version[0] == 7;
}

static int minor(void) { return version[1]; }

static int get(void) {
  if (initialize())
    return 0;
  return minor();
}

static void *work(void *argument) {
  printf("%d\n", get());
  return argument;
}

int main(void) {
  pthread_t one, other;
  pthread_create(&one, NULL, work, NULL);
  pthread_create(&other, NULL, work, NULL);
  pthread_join(one, NULL);
  pthread_join(other, NULL);
  return 0;
}

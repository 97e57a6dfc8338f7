// expect: none
#include "support.h"

static pthread_mutex_t m[4] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                               PTHREAD_MUTEX_INITIALIZER};

static void walk(void) {
  pthread_mutex_lock(&m[0]);
  for (int i = 1; i < 4; ++i) {
    pthread_mutex_lock(&m[i]);
    pthread_mutex_unlock(&m[i - 1]);
  }
  pthread_mutex_unlock(&m[3]);
}

int main(void) { IN_TURN(walk, walk); }

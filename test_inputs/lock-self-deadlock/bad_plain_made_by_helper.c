// A function makes plain mutexes for everybody.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdlib.h>
typedef struct Mutex {
  pthread_mutex_t id;
} Mutex;
Mutex *CreateMutex(void) {
  Mutex *m = calloc(1, sizeof *m);
  if (m) {
    pthread_mutexattr_t attr;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_NORMAL);
    if (pthread_mutex_init(&m->id, &attr) != 0) {
      free(m);
      m = NULL;
    }
  }
  return m;
}
int LockMutex(Mutex *m) {
  if (m == NULL)
    return 0;
  return pthread_mutex_lock(&m->id) == 0 ? 0 : -1; // expect: lock-self-deadlock
}
int UnlockMutex(Mutex *m) {
  if (m == NULL)
    return 0;
  return pthread_mutex_unlock(&m->id) == 0 ? 0 : -1;
}
static Mutex *audio_lock;
static int samples;

static int count(void) {
  LockMutex(audio_lock);
  int result = samples;
  UnlockMutex(audio_lock);
  return result;
}

int main(void) {
  audio_lock = CreateMutex();
  LockMutex(audio_lock);
  samples = count() + 1;
  UnlockMutex(audio_lock);
}

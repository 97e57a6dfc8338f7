// Two locks are taken on the way, one is left at the wait; a wait with a
// reader's lock in a second function.
#include <pthread.h>

struct station {
  pthread_mutex_t list_lock;
  pthread_mutex_t state_lock;
  pthread_cond_t changed;
  int list;
  int state;
};

static struct station station = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0};

static void *produce(void *argument) {
  pthread_mutex_lock(&station.list_lock);
  station.list++;
  pthread_mutex_unlock(&station.list_lock);
  pthread_mutex_lock(&station.state_lock);
  station.state = 1;
  pthread_cond_signal(&station.changed);
  pthread_mutex_unlock(&station.state_lock);
  return argument;
}

static int take(int blocking) {
  int taken;
  pthread_mutex_lock(&station.list_lock);
  taken = station.list;
  pthread_mutex_lock(&station.state_lock);
  if (!blocking) {
    pthread_mutex_unlock(&station.state_lock);
    pthread_mutex_unlock(&station.list_lock);
    return taken;
  }
  pthread_mutex_unlock(&station.list_lock);
  while (!station.state)
    pthread_cond_wait(&station.changed, &station.state_lock);
  pthread_mutex_unlock(&station.state_lock);
  return taken;
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, 0, produce, 0) != 0)
    return 1;
  take(1);
  return pthread_join(thread, 0) + take(0);
}

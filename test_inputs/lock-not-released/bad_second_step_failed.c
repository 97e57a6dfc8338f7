// When the second step fails, the first lock stays held: an error is returned,
// and no caller will release it. The other error path does.
#include <pthread.h>
#include <stdlib.h>

struct record {
  pthread_mutex_t lock;
  char *text;
  int uses;
};

int record_fill(struct record *r, unsigned long size) {
  if (pthread_mutex_lock(&r->lock) != 0) // expect: lock-not-released#fill
    return -1;
  if (r->uses > 100) {
    pthread_mutex_unlock(&r->lock);
    return -1;
  }
  r->text = malloc(size);
  if (r->text == NULL)
    return -2; // expect: lock-not-released#fill
  ++r->uses;
  pthread_mutex_unlock(&r->lock);
  return 0;
}

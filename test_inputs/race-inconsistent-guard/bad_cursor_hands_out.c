/* `next` gives back the lock of the session that it was given; the last one is changed
   when its lock was given back. */
#include <pthread.h>
#include <stddef.h>

struct session {
  pthread_mutex_t lock;
  int used, pending, closing;
  long lastSeen;
};
static struct session *sessions;
static int sessionCount;

void setUp(struct session *table, int count) {
  sessions = table;
  sessionCount = count;
}

static int takeLock(pthread_mutex_t *mutex) { return pthread_mutex_lock(mutex); }
static int giveLock(pthread_mutex_t *mutex) { return pthread_mutex_unlock(mutex); }

static struct session *nextSession(struct session *last, int *cursor) {
  if (last)
    giveLock(&last->lock);
  last = NULL;
  for (; *cursor < sessionCount; (*cursor)++)
    if (sessions[*cursor].used) {
      last = &sessions[*cursor];
      takeLock(&last->lock);
      if (last->closing) {
        giveLock(&last->lock);
        last = NULL;
        continue;
      }
      (*cursor)++;
      break;
    }
  return last;
}

static struct session *firstSession(int *cursor) {
  for (*cursor = 0; *cursor < sessionCount; (*cursor)++)
    if (sessions[*cursor].used)
      break;
  return nextSession(NULL, cursor);
}

static void endCursor(struct session *last) {
  if (last)
    giveLock(&last->lock);
}

static struct session *findSession(int number) {
  struct session *found = &sessions[number];
  takeLock(&found->lock);
  if (found->closing) {
    giveLock(&found->lock);
    return NULL;
  }
  return found;
}

static void dropIdle(long now) {
  int cursor;
  struct session *one, *last = NULL;
  for (one = firstSession(&cursor); one != NULL; one = nextSession(one, &cursor)) {
    one->pending = 0;
    last = one;
  }
  endCursor(one);
  if (last)
    last->lastSeen = now; // expect: race-inconsistent-guard
}

static void *serve(void *argument) {
  struct session *mine = findSession(*(int *)argument);
  if (!mine)
    return NULL;
  mine->pending++;
  if (mine->lastSeen < 0)
    mine->closing = 1;
  mine->lastSeen++;
  mine->pending--;
  giveLock(&mine->lock);
  return NULL;
}

static void *clean(void *unused) {
  for (long now = 0; now < 10; now++)
    dropIdle(now);
  return unused;
}

int run(void) {
  pthread_t threads[4], cleaner;
  int numbers[4] = {0, 1, 2, 3};
  for (int i = 0; i < 4; i++)
    pthread_create(&threads[i], NULL, serve, &numbers[i]);
  pthread_create(&cleaner, NULL, clean, NULL);
  pthread_join(cleaner, NULL);
  for (int i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
  return 0;
}

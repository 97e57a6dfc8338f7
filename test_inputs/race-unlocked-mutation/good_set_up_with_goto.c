// What failed leaves the initialisation by a goto; main goes on only when it is done.
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t making = PTHREAD_MUTEX_INITIALIZER;
static int state;
static char *host;
static int limit;

static void initialise(void) {
  pthread_mutex_lock(&making);
  if (state == 2)
    goto done;
  host = getenv("HOST_NAME");
  if (!host)
    goto done;
  limit = (int)sizeof host;
  state = 2;
done:
  pthread_mutex_unlock(&making);
}

static int isServed(int wanted) {
  if (state != 2)
    initialise();
  return wanted < limit && host[0] != 0;
}

static void *serve(void *argument) { return isServed(1) ? argument : NULL; }

int main(int count, char **arguments) {
  pthread_t threads[2];
  if (!isServed(count))
    return 1;
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, serve, arguments[0]);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
  return 0;
}

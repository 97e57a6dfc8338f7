// `main` brings a library up before it starts threads, which all ask again whether it is
// up: by a state that has several values, through a pointer, through a function that
// tells, and at the end of the program it is taken down.
#include <pthread.h>
#include <stdlib.h>

enum { Unset, Begun, Ready };

struct options {
  int limit, depth;
  short valid;
};
static struct options globalOptions;
static char *hostName;
static int users;

static struct options *options(void) { return &globalOptions; }

static void fill(struct options *wanted) {
  wanted->limit = 100;
  wanted->depth = 3;
  wanted->valid = 1;
}

static void bringUp(struct options *wanted) {
  if (wanted->valid == 1)
    return;
  hostName = calloc(1, 32);
  fill(wanted);
}

static int lookUp(void) {
  struct options *wanted = options();
  if (wanted->valid != 1)
    bringUp(wanted);
  return wanted->limit + wanted->depth + (hostName != NULL) + users;
}

static void configure(void) { bringUp(&globalOptions); }

__attribute__((destructor)) static void takeDown(void) {
  globalOptions.valid = 0;
  free(hostName);
}

static int state;
static int table[16];
static int *current;

static int isReady(void) { return state == Ready; }

static int probed;
static unsigned features;

static void probe(void) {
  if (!isReady()) {
    state = Begun;
    for (int i = 0; i < 16; ++i)
      table[i] = i;
    current = table;
    state = Ready;
  }
  if (probed >= 2)
    return;
  features = 7;
  probed = 2;
}

static int ticks;
static void *keepTime(void *unused) {
  for (int i = 0; i < 100; ++i)
    ++ticks;
  return unused;
}

static void *work(void *unused) {
  (void)unused;
  probe();
  return (void *)(long)(lookUp() + current[3] + (int)features);
}

int main(void) {
  pthread_t threads[2], clock;
  configure();
  probe();
  pthread_create(&clock, NULL, keepTime, NULL);
  users = 1;
  for (int i = 0; i < 2; ++i)
    pthread_create(&threads[i], NULL, work, NULL);
  for (int i = 0; i < 2; ++i)
    pthread_join(threads[i], NULL);
  pthread_join(clock, NULL);
  return 0;
}

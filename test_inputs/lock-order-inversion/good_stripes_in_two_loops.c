/* One loop takes all stripes and another gives them back, in helpers: the join
   behind them waits with none. */
#include <pthread.h>

enum { stripeCount = 16 };
static pthread_mutex_t stripes[stripeCount];
static int inserted;

static void takeStripes(void) {
  for (int i = 0; i < stripeCount; i++)
    pthread_mutex_lock(&stripes[i]);
}

static void giveStripes(void) {
  for (int i = 0; i < stripeCount; i++)
    pthread_mutex_unlock(&stripes[i]);
}

static void *insertAll(void *unused) {
  takeStripes();
  inserted++;
  giveStripes();
  return unused;
}

int main(void) {
  pthread_t one, other;
  for (int i = 0; i < stripeCount; i++)
    pthread_mutex_init(&stripes[i], 0);
  pthread_create(&one, 0, insertAll, 0);
  pthread_create(&other, 0, insertAll, 0);
  takeStripes();
  int seen = inserted;
  giveStripes();
  pthread_join(one, 0);
  pthread_join(other, 0);
  return seen;
}

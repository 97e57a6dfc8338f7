// Locks made of atomics: a project's own spin lock, and no model for it.
#include <pthread.h>
#include <stdatomic.h>

typedef struct {
  atomic_int held;
} spin_t;

static void spin_init(spin_t *s) { atomic_store(&s->held, 0); }

static void spin_take(spin_t *s) {
  int zero = 0;
  while (!atomic_compare_exchange_weak(&s->held, &zero, 1))
    zero = 0;
}

static void spin_drop(spin_t *s) { atomic_store(&s->held, 0); }

struct connection {
  spin_t lock;
  long bytes;
};
struct table {
  spin_t lock;
  int used;
};
static struct connection connection;
static struct table table;

static void *reader(void *argument) {
  spin_take(&connection.lock);
  connection.bytes++;
  spin_take(&table.lock); // expect: lock-order-inversion
  table.used++;
  spin_drop(&table.lock);
  spin_drop(&connection.lock);
  return argument;
}

static void *writer(void *argument) {
  spin_take(&table.lock);
  spin_take(&connection.lock);
  connection.bytes++;
  spin_drop(&connection.lock);
  table.used--;
  spin_drop(&table.lock);
  return argument;
}

int main(void) {
  spin_init(&connection.lock);
  spin_init(&table.lock);
  pthread_t first, second;
  pthread_create(&first, 0, reader, 0);
  pthread_create(&second, 0, writer, 0);
  pthread_join(first, 0);
  pthread_join(second, 0);
  return 0;
}

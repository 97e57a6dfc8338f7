// expect: lock-order-inversion
// options: halt_on_error=1
// match: initialisation of static variable
// One thread initialises a static variable, which takes m; another holds m and
// uses the variable for the first time at the same moment.
#include "support.h"
#include <mutex>

static std::mutex m;
static sem_t in_initialiser, may_go_on, other_waits;

struct Value {
  Value() {
    signal_to(&in_initialiser);
    await(&may_go_on);
    std::lock_guard<std::mutex> lock(m);
  }
};
static Value &value() {
  static Value single;
  return single;
}

static void *first(void *unused) {
  value();
  return unused;
}

int main() {
  sem_init(&in_initialiser, 0, 0);
  sem_init(&may_go_on, 0, 0);
  sem_init(&other_waits, 0, 0);
  pthread_t thread;
  MUST(pthread_create(&thread, 0, first, 0));
  await(&in_initialiser);
  m.lock();
  signal_to(&may_go_on);
  value(); // waits for the initialiser, which waits for m
  m.unlock();
}

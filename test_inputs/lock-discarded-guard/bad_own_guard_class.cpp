// A guard class of one's own over a C lock, used without a name in a macro.
#include <pthread.h>

class Holder {
public:
  explicit Holder(pthread_mutex_t *mutex) : Mutex(mutex) { pthread_mutex_lock(Mutex); }
  ~Holder() { pthread_mutex_unlock(Mutex); }
  Holder(const Holder &) = delete;
  Holder &operator=(const Holder &) = delete;

private:
  pthread_mutex_t *Mutex;
};

#define PROTECT(mutex) Holder{&(mutex)}

static pthread_mutex_t counters = PTHREAD_MUTEX_INITIALIZER;
static int hits, misses;

void hit() {
  PROTECT(counters); // expect: lock-discarded-guard
  ++hits;            // allow: race-inconsistent-guard, race-unlocked-mutation
}

void miss() {
  Holder(&counters), ++misses; // allow: lock-discarded-guard
}

int total() {
  Holder hold(&counters);
  return hits + misses;
}

int main() {
  hit();
  miss();
  return total();
}

// Temporaries in less obvious places: the branch of an if without braces, and
// behind an alias.
#include <mutex>

static std::recursive_mutex mutex;
static int value;

void set(bool careful, int next) {
  if (careful)
    std::lock_guard<std::recursive_mutex>{mutex}; // expect: lock-discarded-guard
  value = next;                                   // allow: race-inconsistent-guard
}

void reset() {
  using Guard = std::unique_lock<std::recursive_mutex>;
  Guard{mutex}; // expect: lock-discarded-guard
  value = 0;    // allow: race-inconsistent-guard
}

int get() {
  std::lock_guard<std::recursive_mutex> lock(mutex);
  return value;
}

int main() {
  set(true, 2);
  reset();
  return get();
}

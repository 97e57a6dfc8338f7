// Temporaries that look alike but guard nothing: a tracer that only counts, a
// try on a mutex whose result decides, a lock taken by a temporary's method.
#include <mutex>

static std::mutex mutex;
static int depth, value;

struct Trace {
  explicit Trace(int &level) : Level(level) { ++Level; }
  ~Trace() { --Level; }
  int &Level;
};

struct Locker {
  std::mutex &Mutex;
  void run(int next) const {
    Mutex.lock();
    value = next;
    Mutex.unlock();
  }
};

int main() {
  Trace{depth};
  Locker{mutex}.run(3);
  if (mutex.try_lock()) {
    ++value;
    mutex.unlock();
  }
  return value;
}

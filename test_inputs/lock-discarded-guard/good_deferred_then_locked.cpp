// Guards that start without the lock and get it later: deferred, tried, empty
// and assigned, or given to std::lock.
#include <mutex>

static std::mutex first, second;
static int value;

void deferred() {
  std::unique_lock<std::mutex> lock(first, std::defer_lock);
  lock.lock();
  ++value;
}

bool tried() {
  std::unique_lock<std::mutex> lock(first, std::try_to_lock);
  if (!lock)
    return false;
  ++value;
  return true;
}

void assigned(bool wanted) {
  std::unique_lock<std::mutex> lock;
  if (wanted)
    lock = std::unique_lock<std::mutex>(first);
  if (lock.owns_lock())
    ++value;
}

void together() {
  std::unique_lock<std::mutex> a(first, std::defer_lock), b(second, std::defer_lock);
  std::lock(a, b);
  ++value;
}

int main() {
  deferred();
  tried();
  assigned(true);
  together();
}

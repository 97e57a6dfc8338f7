// Every access has the declared guard: by a scoped lock, by a lock that is given
// back early, by a try, by the caller (as a declaration says), or before there is
// a second thread.
#include <thread>

#define CAPABILITY(name) __attribute__((capability(name)))
#define SCOPED_CAPABILITY __attribute__((scoped_lockable))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define TRY_ACQUIRE(...) __attribute__((try_acquire_capability(__VA_ARGS__)))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define GUARDED_BY(lock) __attribute__((guarded_by(lock)))
#define NO_THREAD_SAFETY_ANALYSIS __attribute__((no_thread_safety_analysis))

class CAPABILITY("mutex") Mutex {
public:
  Mutex();
  void Lock() ACQUIRE();
  bool TryLock() TRY_ACQUIRE(true);
  void Unlock() RELEASE();

private:
  void *state;
};

class SCOPED_CAPABILITY MutexLock {
public:
  explicit MutexLock(Mutex &mutex) ACQUIRE(mutex);
  void Unlock() RELEASE();
  ~MutexLock() RELEASE();
};

class Meter {
public:
  void add(int amount) {
    MutexLock lock(mu);
    addLocked(amount);
  }
  int read() {
    MutexLock lock(mu);
    int seen = total;
    lock.Unlock();
    return seen;
  }
  void clear() {
    if (!mu.TryLock())
      return;
    total = 0;
    mu.Unlock();
  }
  // Called by code that is not here.
  void take(int amount) REQUIRES(mu) { total -= amount; }
  void reset() { total = 0; }
  // The author knows better.
  int peek() const NO_THREAD_SAFETY_ANALYSIS { return total; }

private:
  void addLocked(int amount) REQUIRES(mu) { total += amount; }
  mutable Mutex mu;
  int total GUARDED_BY(mu) = 0;
};

int main() {
  Meter meter;
  meter.reset();
  std::thread writer([&] { meter.add(3); });
  meter.clear();
  int seen = meter.read() + meter.peek();
  writer.join();
  return seen;
}

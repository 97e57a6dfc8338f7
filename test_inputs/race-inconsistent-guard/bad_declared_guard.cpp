// The guard is declared; nothing else tells which lock it is: one access has it,
// one does not. The lock's class has no bodies here.
#include <thread>

#define CAPABILITY(name) __attribute__((capability(name)))
#define SCOPED_CAPABILITY __attribute__((scoped_lockable))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define GUARDED_BY(lock) __attribute__((guarded_by(lock)))

class CAPABILITY("mutex") Mutex {
public:
  Mutex();
  void Lock() ACQUIRE();
  void Unlock() RELEASE();

private:
  void *state;
};

class SCOPED_CAPABILITY MutexLock {
public:
  explicit MutexLock(Mutex &mutex) ACQUIRE(mutex);
  ~MutexLock() RELEASE();
};

class Meter {
public:
  void add(int amount) {
    MutexLock lock(mu);
    total += amount;
  }
  int read() const { return total; } // expect: race-inconsistent-guard

private:
  mutable Mutex mu;
  int total GUARDED_BY(mu) = 0;
};

int main() {
  Meter meter;
  std::thread writer([&] { meter.add(3); });
  int seen = meter.read();
  writer.join();
  return seen;
}

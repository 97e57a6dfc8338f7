// A library: nobody starts a thread here, but the class says that it is shared.
// `flushLocked` is declared to need the lock, and one caller does not have it.
#include <mutex>
#include <vector>

#define GUARDED_BY(lock) __attribute__((guarded_by(lock)))
#define REQUIRES(lock) __attribute__((exclusive_locks_required(lock)))

class Outbox {
public:
  void post(int message) {
    std::lock_guard<std::mutex> guard(mutex);
    pending.push_back(message);
  }
  void flush() {
    std::lock_guard<std::mutex> guard(mutex);
    flushLocked();
  }
  void close() { flushLocked(); }

private:
  void flushLocked() REQUIRES(mutex) {
    pending.clear(); // expect: race-inconsistent-guard
  }
  std::mutex mutex;
  std::vector<int> pending GUARDED_BY(mutex);
};

void post(Outbox &box) { box.post(1); }
void flush(Outbox &box) { box.flush(); }
void close(Outbox &box) { box.close(); }

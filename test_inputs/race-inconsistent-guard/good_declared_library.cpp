// Functions that need the lock say so, and whoever calls them from outside has it.
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
  void flushLocked() REQUIRES(mutex) { pending.clear(); }
  std::mutex mutex;

private:
  std::vector<int> pending GUARDED_BY(mutex);
};

void post(Outbox &box) { box.post(1); }
void refill(Outbox &box) REQUIRES(box.mutex);
void refill(Outbox &box) { box.flushLocked(); }

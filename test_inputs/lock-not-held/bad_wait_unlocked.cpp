// A condition variable is waited on with a deferred guard that nobody locked,
// and with one that was unlocked before.
#include <condition_variable>
#include <mutex>

class Latch {
public:
  void waitDeferred() {
    std::unique_lock<std::mutex> lock(Mutex, std::defer_lock);
    Changed.wait(lock, [this] { return Open; }); // expect: lock-not-held
  }
  void waitAfterUnlock() {
    std::unique_lock<std::mutex> lock(Mutex);
    ++Waiters;
    lock.unlock();
    Changed.wait(lock, [this] { return Open; }); // expect: lock-not-held
  }
  void open() {
    std::lock_guard<std::mutex> lock(Mutex);
    Open = true;
    Changed.notify_all();
  }

private:
  std::mutex Mutex;
  std::condition_variable Changed;
  bool Open = false;
  int Waiters = 0;
};

int main() {
  Latch latch;
  latch.open();
  latch.waitDeferred();
  latch.waitAfterUnlock();
}

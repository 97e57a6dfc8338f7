// A loop that unlocks to let others in, and forgets to lock again before it
// goes round.
#include <mutex>
#include <thread>

class Turnstile {
public:
  void pass() {
    Mutex.lock();
    while (Blocked > 0) {
      Mutex.unlock(); // expect: lock-not-held
      std::this_thread::yield();
    }
    ++Passed;
    Mutex.unlock(); // allow: lock-not-held
  }
  void block() {
    std::lock_guard<std::mutex> lock(Mutex);
    ++Blocked;
  }

private:
  std::mutex Mutex;
  int Blocked = 0, Passed = 0;
};

int main() {
  Turnstile turnstile;
  std::jthread visitor([&] { turnstile.pass(); });
}

// The loop locks again before it goes round; a unique_lock is unlocked and
// locked again, and unlocked once more by its destructor only when it owns.
#include <mutex>
#include <thread>

class Turnstile {
public:
  void pass() {
    Mutex.lock();
    while (Blocked > 0) {
      Mutex.unlock();
      std::this_thread::yield();
      Mutex.lock();
    }
    ++Passed;
    Mutex.unlock();
  }
  void leave(bool hurry) {
    std::unique_lock<std::mutex> lock(Mutex);
    --Passed;
    if (hurry)
      lock.unlock();
    std::this_thread::yield();
    if (!lock.owns_lock())
      lock.lock();
    --Blocked;
  }

private:
  std::mutex Mutex;
  int Blocked = 0, Passed = 0;
};

int main() {
  Turnstile turnstile;
  std::jthread visitor([&] { turnstile.pass(); });
}

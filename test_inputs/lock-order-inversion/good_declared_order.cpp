// The declared order, and a lock that is let go before the next one is taken.
#include <mutex>
#include <thread>

#define ACQUIRED_BEFORE(lock) __attribute__((acquired_before(lock)))

class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability())) { inner.lock(); }
  void unlock() __attribute__((release_capability())) { inner.unlock(); }

private:
  std::mutex inner;
};

class Ledger {
public:
  void post() {
    std::lock_guard<Mutex> accounts(accountMutex);
    ++account;
    std::lock_guard<Mutex> entries(entryMutex);
    ++entry;
  }
  void move() {
    {
      std::lock_guard<Mutex> entries(entryMutex);
      --entry;
    }
    std::lock_guard<Mutex> accounts(accountMutex);
    ++account;
  }

private:
  Mutex accountMutex ACQUIRED_BEFORE(entryMutex);
  Mutex entryMutex;
  int entry = 0, account = 0;
};

int main() {
  Ledger ledger;
  std::thread other([&] { ledger.move(); });
  ledger.post();
  other.join();
}

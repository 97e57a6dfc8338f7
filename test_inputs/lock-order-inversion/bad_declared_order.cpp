// Only one order is seen, and it is not the declared one; the other order is in
// code that is not here.
#include <mutex>
#include <thread>

#define ACQUIRED_BEFORE(lock) __attribute__((acquired_before(lock)))
#define ACQUIRED_AFTER(lock) __attribute__((acquired_after(lock)))

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
    std::lock_guard<Mutex> entries(entryMutex);
    ++entry;
    std::lock_guard<Mutex> accounts(accountMutex); // expect: lock-order-inversion
    ++account;
  }
  // By way of a third lock.
  void log() {
    std::lock_guard<Mutex> lines(lineMutex);
    std::lock_guard<Mutex> accounts(accountMutex); // expect: lock-order-inversion
    ++account;
  }

private:
  Mutex accountMutex ACQUIRED_BEFORE(entryMutex);
  Mutex entryMutex;
  Mutex lineMutex ACQUIRED_AFTER(entryMutex);
  int entry = 0, account = 0;
};

int main() {
  Ledger ledger;
  std::thread other([&] { ledger.log(); });
  ledger.post();
  other.join();
}

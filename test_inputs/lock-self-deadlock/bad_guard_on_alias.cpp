// The lock is reached by another name: a pointer kept in a base class.
#include <mutex>

class Lockable {
protected:
  explicit Lockable(std::mutex *mutex) : Shared(mutex) {}
  std::mutex *const Shared;
};

class Ledger : Lockable {
public:
  Ledger() : Lockable(&Own) {}
  void post(int amount) {
    Own.lock();
    Balance += amount;
    audit(); // expect: lock-self-deadlock#alias
    Own.unlock();
  }

private:
  void audit() {
    std::lock_guard<std::mutex> guard(*Shared); // expect: lock-self-deadlock#alias
    Audited = Balance;
  }
  std::mutex Own;
  int Balance = 0, Audited = 0;
};

int main() {
  Ledger ledger;
  ledger.post(5);
}

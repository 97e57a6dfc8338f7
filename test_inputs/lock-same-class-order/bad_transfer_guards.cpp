// A bank: two accounts are locked in the order of the arguments.
#include <mutex>
#include <thread>

class Account {
public:
  explicit Account(long cents) : Cents(cents) {}
  friend bool transfer(Account &from, Account &to, long cents);

private:
  std::mutex Mutex;
  long Cents;
};

bool transfer(Account &from, Account &to, long cents) {
  std::lock_guard<std::mutex> debit(from.Mutex);
  std::lock_guard<std::mutex> credit(to.Mutex); // expect: lock-same-class-order // allow: lock-order-inversion
  if (from.Cents < cents)
    return false;
  from.Cents -= cents;
  to.Cents += cents;
  return true;
}

int main() {
  Account savings(100), current(50);
  std::thread saver([&] { transfer(current, savings, 10); });
  transfer(savings, current, 20);
  saver.join();
}

// Both accounts are locked in one step.
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
  if (&from == &to)
    return true;
  std::scoped_lock both(from.Mutex, to.Mutex);
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

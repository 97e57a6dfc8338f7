// Every account has a number that never changes; the smaller one goes first.
#include <mutex>
#include <thread>

class Account {
public:
  explicit Account(int number) : Number(number) {}
  static void transfer(Account &from, Account &to, long cents) {
    if (from.Number == to.Number)
      return;
    Account &first = from.Number < to.Number ? from : to;
    Account &second = from.Number < to.Number ? to : from;
    std::lock_guard<std::mutex> one(first.Mutex);
    std::lock_guard<std::mutex> two(second.Mutex);
    from.Cents -= cents;
    to.Cents += cents;
  }

private:
  const int Number;
  std::mutex Mutex;
  long Cents = 0;
};

int main() {
  Account a(1), b(2);
  std::jthread there([&] { Account::transfer(a, b, 3); });
  Account::transfer(b, a, 4);
}

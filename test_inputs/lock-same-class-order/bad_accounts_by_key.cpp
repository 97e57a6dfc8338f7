// Two objects of a map, told apart by their keys alone.
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <stdexcept>
struct Account { std::mutex m; long balance = 0; };
class Bank {
  std::map<int, std::unique_ptr<Account>> accounts_;
public:
  void open(int id, long start) { auto a = std::make_unique<Account>(); a->balance = start; accounts_.emplace(id, std::move(a)); }
  void transfer(int from, int to, long amount) {
    Account &src = *accounts_.at(from);
    Account &dst = *accounts_.at(to);
    std::lock_guard<std::mutex> l1(src.m);
    std::lock_guard<std::mutex> l2(dst.m); // expect: lock-same-class-order
    if (src.balance < amount) throw std::runtime_error("funds");
    src.balance -= amount;
    dst.balance += amount;
  }
};
int main() {
  Bank bank; bank.open(1, 100); bank.open(2, 100);
  std::thread a([&] { for (int i = 0; i < 100; ++i) bank.transfer(1, 2, 1); });
  std::thread b([&] { for (int i = 0; i < 100; ++i) bank.transfer(2, 1, 1); });
  a.join(); b.join();
}

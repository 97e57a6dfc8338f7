// A shopping basket whose total() is called by checkout() under the lock.
#include <map>
#include <mutex>
#include <string>

class Basket {
public:
  void add(const std::string &item, int cents) {
    std::lock_guard<std::mutex> lock(Mutex);
    Items[item] += cents;
  }
  int total() const {
    std::lock_guard<std::mutex> lock(Mutex); // expect: lock-self-deadlock#total
    int sum = 0;
    for (const auto &entry : Items)
      sum += entry.second;
    return sum;
  }
  int checkout() {
    std::lock_guard<std::mutex> lock(Mutex);
    int due = total(); // expect: lock-self-deadlock#total
    Items.clear();
    return due;
  }

private:
  mutable std::mutex Mutex;
  std::map<std::string, int> Items;
};

int main() {
  Basket basket;
  basket.add("tea", 320);
  return basket.checkout() == 320 ? 0 : 1;
}

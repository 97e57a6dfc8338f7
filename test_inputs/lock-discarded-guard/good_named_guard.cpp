// Named guards in every position: a block, an if's initialiser, a switch's, a
// member initialised from an accessor, an auto variable.
#include <map>
#include <mutex>
#include <string>

class Prices {
public:
  void set(const std::string &name, int cents) {
    std::lock_guard<std::mutex> lock{Mutex};
    Cents[name] = cents;
  }
  int get(const std::string &name) {
    if (std::scoped_lock lock(Mutex); Cents.count(name))
      return Cents[name];
    return 0;
  }
  bool empty() {
    switch (std::unique_lock lock(Mutex); Cents.size()) {
    case 0:
      return true;
    default:
      return false;
    }
  }
  void clear() {
    [[maybe_unused]] auto lock = std::unique_lock<std::mutex>(Mutex);
    Cents.clear();
  }

private:
  std::mutex Mutex;
  std::map<std::string, int> Cents;
};

int main() {
  Prices prices;
  prices.set("tea", 3);
  prices.clear();
  return prices.get("tea") + prices.empty();
}

// A guard without a name, in braces and in parentheses.
#include <map>
#include <mutex>
#include <string>

class Prices {
public:
  void set(const std::string &name, int cents) {
    std::lock_guard<std::mutex>{Mutex}; // expect: lock-discarded-guard
    Cents[name] = cents;                // allow: race-inconsistent-guard
  }
  int get(const std::string &name) {
    std::lock_guard<std::mutex> lock(Mutex);
    return Cents[name];
  }
  void clear() {
    std::scoped_lock{Mutex, Other}; // expect: lock-discarded-guard
    Cents.clear();                  // allow: race-inconsistent-guard
  }

private:
  std::mutex Mutex, Other;
  std::map<std::string, int> Cents;
};

int main() {
  Prices prices;
  prices.set("tea", 3);
  prices.clear();
  return prices.get("tea");
}

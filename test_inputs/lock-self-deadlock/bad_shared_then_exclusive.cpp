// A lookup upgrades: it still holds the reader lock when it fills the cache.
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

class Names {
public:
  int intern(const std::string &name) {
    std::shared_lock<std::shared_mutex> reading(Mutex);
    auto found = Ids.find(name);
    if (found != Ids.end())
      return found->second;
    return insert(name); // expect: lock-self-deadlock#upgrade
  }
  std::size_t size() const {
    std::shared_lock<std::shared_mutex> reading(Mutex); // expect: lock-self-deadlock#twice
    return Ids.size();
  }
  bool empty() const {
    std::shared_lock<std::shared_mutex> reading(Mutex);
    return size() == 0; // expect: lock-self-deadlock#twice
  }

private:
  int insert(const std::string &name) {
    std::unique_lock<std::shared_mutex> writing(Mutex); // expect: lock-self-deadlock#upgrade
    return Ids.emplace(name, static_cast<int>(Ids.size())).first->second;
  }
  mutable std::shared_mutex Mutex;
  std::map<std::string, int> Ids;
};

int main() {
  Names names;
  return names.intern("a") + static_cast<int>(names.empty());
}

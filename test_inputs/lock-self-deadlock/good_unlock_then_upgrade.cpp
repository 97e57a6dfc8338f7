// The reader lock is released before the writer lock is taken, and the lookup
// is done again under it.
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
    reading.unlock();
    return insert(name);
  }

private:
  int insert(const std::string &name) {
    std::unique_lock<std::shared_mutex> writing(Mutex);
    return Ids.emplace(name, static_cast<int>(Ids.size())).first->second;
  }
  std::shared_mutex Mutex;
  std::map<std::string, int> Ids;
};

int main() {
  Names names;
  return names.intern("a");
}

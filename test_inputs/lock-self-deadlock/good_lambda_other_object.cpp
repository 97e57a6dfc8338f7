// The same visitor adds to another object of the class.
#include <mutex>
#include <string>
#include <vector>

class Roster {
public:
  template <typename Visit> void forEach(Visit visit) const {
    std::vector<std::string> names;
    {
      std::scoped_lock lock(Mutex);
      names = Names;
    }
    for (const std::string &name : names)
      visit(name);
  }
  void add(std::string name) {
    std::scoped_lock lock(Mutex);
    Names.push_back(std::move(name));
  }

private:
  mutable std::mutex Mutex;
  std::vector<std::string> Names;
};

int main() {
  Roster roster, longNames;
  roster.add("ann");
  roster.forEach([&](const std::string &name) {
    if (name.size() < 4)
      longNames.add(name + "-" + name);
  });
  roster.forEach([&](const std::string &name) { roster.add(name); });
}

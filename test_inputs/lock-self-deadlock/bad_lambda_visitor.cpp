// forEach runs a lambda under the lock; the lambda calls back into the object.
#include <mutex>
#include <string>
#include <vector>

class Roster {
public:
  template <typename Visit> void forEach(Visit visit) const {
    std::scoped_lock lock(Mutex);
    for (const std::string &name : Names)
      visit(name); // expect: lock-self-deadlock#copy
  }
  void add(std::string name) {
    std::scoped_lock lock(Mutex); // expect: lock-self-deadlock#copy
    Names.push_back(std::move(name));
  }

private:
  mutable std::mutex Mutex;
  std::vector<std::string> Names;
};

int main() {
  Roster roster;
  roster.add("ann");
  roster.forEach([&](const std::string &name) { // expect: lock-self-deadlock#copy
    if (name.size() < 4)
      roster.add(name + "-" + name); // expect: lock-self-deadlock#copy
  });
}

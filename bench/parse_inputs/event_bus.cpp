// Subscribers by topic; a publisher calls them outside the lock.
#include <any>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <typeindex>
#include <vector>

class Bus {
public:
  using Handler = std::function<void(const std::any &)>;

  template <typename Event> int subscribe(std::function<void(const Event &)> handler) {
    std::lock_guard lock(Guard);
    const int id = ++Last;
    Handlers[typeid(Event)].emplace(
        id, std::make_shared<Handler>([handler](const std::any &event) { handler(std::any_cast<const Event &>(event)); }));
    return id;
  }
  void unsubscribe(int id) {
    std::lock_guard lock(Guard);
    for (auto &[type, handlers] : Handlers)
      handlers.erase(id);
  }
  template <typename Event> void publish(const Event &event) {
    std::vector<std::shared_ptr<Handler>> called;
    {
      std::lock_guard lock(Guard);
      for (auto &[id, handler] : Handlers[typeid(Event)])
        called.push_back(handler);
    }
    for (auto &handler : called)
      (*handler)(event);
  }

private:
  std::mutex Guard;
  std::map<std::type_index, std::map<int, std::shared_ptr<Handler>>> Handlers;
  int Last = 0;
};

struct Joined {
  std::string name;
};
struct Left {
  std::string name;
};

int main() {
  Bus bus;
  std::set<std::string> present;
  bus.subscribe<Joined>([&](const Joined &event) { present.insert(event.name); });
  const int id = bus.subscribe<Left>([&](const Left &event) { present.erase(event.name); });
  bus.publish(Joined{"ada"});
  bus.publish(Joined{"grace"});
  bus.publish(Left{"ada"});
  bus.unsubscribe(id);
  for (const auto &name : present)
    std::cout << name << '\n';
}

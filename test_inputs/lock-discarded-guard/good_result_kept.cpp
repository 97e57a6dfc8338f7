// The guard that a function returns is kept, moved on, or stored in a member.
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

class Registry {
public:
  [[nodiscard]] std::unique_lock<std::mutex> hold() { return std::unique_lock<std::mutex>(Mutex); }
  void add() {
    auto lock = hold();
    ++Count;
  }
  std::pair<std::unique_lock<std::mutex>, int> snapshot() {
    auto lock = hold();
    return {std::move(lock), Count};
  }

private:
  std::mutex Mutex;
  int Count = 0;
};

class Session {
public:
  explicit Session(Registry &registry) : Lock(registry.hold()) {}

private:
  std::unique_lock<std::mutex> Lock;
};

int main() {
  Registry registry;
  registry.add();
  {
    auto [lock, count] = registry.snapshot();
    if (count > 1)
      return 1;
  }
  Session session(registry);
}

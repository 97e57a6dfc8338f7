// Functions that return a guard; callers that drop it.
#include <mutex>

class Registry {
public:
  [[nodiscard]] std::unique_lock<std::mutex> hold() { return std::unique_lock<std::mutex>(Mutex); }
  std::scoped_lock<std::mutex> holdLong() { return std::scoped_lock<std::mutex>(Mutex); }
  void add() {
    (void)hold(); // expect: lock-discarded-guard
    ++Count;      // allow: race-inconsistent-guard
  }
  void remove() {
    holdLong(); // expect: lock-discarded-guard
    --Count;    // allow: race-inconsistent-guard
  }
  int count() {
    auto lock = hold();
    return Count;
  }

private:
  std::mutex Mutex;
  int Count = 0;
};

int main() {
  Registry registry;
  registry.add();
  registry.remove();
  return registry.count();
}

// A callback that a map holds under a key is called with the lock held that it takes.
#include <functional>
#include <map>
#include <mutex>
#include <utility>

class Timers {
public:
  int add(std::function<void()> callback) {
    std::lock_guard<std::mutex> lock(mutex);
    int id = next++;
    callbacks.insert(std::make_pair(id, callback));
    return id;
  }
  void cancel(int id) {
    std::lock_guard<std::mutex> lock(mutex); // expect: lock-self-deadlock
    callbacks.erase(id);
  }
  void fire(int id) {
    std::lock_guard<std::mutex> lock(mutex);
    auto &callback = callbacks.at(id);
    callback();
  }

private:
  std::mutex mutex;
  std::map<int, std::function<void()>> callbacks;
  int next = 0;
};

int main() {
  Timers timers;
  int id = timers.add([&timers] { timers.cancel(0); });
  timers.fire(id);
}

// The callbacks are copied and called with no lock held, or they use another hub than
// the one that calls them.
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

class Hub {
public:
  void subscribe(int id, std::function<void(int)> callback) {
    std::lock_guard<std::mutex> lock(mutex);
    callbacks[id] = std::move(callback);
  }
  void publish(int value) {
    std::map<int, std::function<void(int)>> called;
    {
      std::lock_guard<std::mutex> lock(mutex);
      called = callbacks;
    }
    for (auto &[id, callback] : called)
      callback(value);
  }

private:
  std::mutex mutex;
  std::map<int, std::function<void(int)>> callbacks;
};

class View {
public:
  void start() {
    hub->subscribe(1, [this](int value) { refresh(value); });
  }
  void change(int value) { hub->publish(value); }

private:
  void refresh(int value) { hub->subscribe(value, [](int) {}); }
  std::unique_ptr<Hub> hub = std::make_unique<Hub>();
};

class Model {
public:
  void onChange(std::function<void(int)> callback) {
    std::lock_guard<std::mutex> lock(mutex);
    changed = std::move(callback);
  }
  void set(int next) {
    std::lock_guard<std::mutex> lock(mutex);
    value = next;
    if (changed)
      changed(value);
  }
  int get() {
    std::lock_guard<std::mutex> lock(mutex);
    return value;
  }

private:
  std::mutex mutex;
  std::function<void(int)> changed;
  int value = 0;
};

class Window {
public:
  void start() {
    input.onChange([this](int value) { total += value + limit.get(); });
  }
  void type(int value) { input.set(value); }

private:
  Model input, limit;
  int total = 0;
};

// A hub calls its subscribers under its lock, and one of them subscribes again.
#include <functional>
#include <map>
#include <memory>
#include <mutex>

class Hub {
public:
  void subscribe(int id, std::function<void(int)> callback) {
    std::lock_guard<std::mutex> lock(mutex); // expect: lock-self-deadlock
    callbacks[id] = std::move(callback);
  }
  void publish(int value) {
    std::lock_guard<std::mutex> lock(mutex);
    for (auto &[id, callback] : callbacks)
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

struct Listener {
  virtual ~Listener() = default;
  virtual void changed(int value) = 0;
};

class Model {
public:
  void setListener(Listener *added) {
    std::lock_guard<std::mutex> lock(mutex);
    listener = added;
  }
  void set(int next) {
    std::lock_guard<std::mutex> lock(mutex); // expect: lock-self-deadlock
    value = next;
    if (listener)
      listener->changed(value);
  }

private:
  std::mutex mutex;
  Listener *listener = nullptr;
  int value = 0;
};

class Limiter : public Listener {
public:
  void start() { model.setListener(this); }
  void input(int value) { model.set(value); }

private:
  void changed(int value) override {
    if (value > 100)
      model.set(100);
  }
  Model model;
};

// The meter calls its sink after it has released its lock.
#include <memory>
#include <mutex>
#include <string>
#include <thread>

struct Sink {
  virtual ~Sink() = default;
  virtual void sample(int value) = 0;
};

class Meter {
public:
  void attach(Sink *sink) {
    std::lock_guard<std::mutex> lock(Mutex);
    Target = sink;
  }
  void measure(int value) {
    std::unique_lock<std::mutex> lock(Mutex);
    Last = value;
    Sink *target = Target;
    lock.unlock();
    if (target)
      target->sample(value);
  }
  int last() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Last;
  }

private:
  std::mutex Mutex;
  Sink *Target = nullptr;
  int Last = 0;
};

class Display final : public Sink {
public:
  explicit Display(Meter &meter) : Source(meter) {}
  void sample(int value) override {
    std::lock_guard<std::mutex> lock(Mutex);
    Text = std::to_string(value);
  }
  void refresh() {
    std::lock_guard<std::mutex> lock(Mutex);
    Text = std::to_string(Source.last());
  }

private:
  Meter &Source;
  std::mutex Mutex;
  std::string Text;
};

int main() {
  Meter meter;
  Display display(meter);
  meter.attach(&display);
  std::jthread sensor([&] {
    for (int i = 0; i < 50; ++i)
      meter.measure(i);
  });
  std::jthread screen([&] {
    for (int i = 0; i < 50; ++i)
      display.refresh();
  });
}

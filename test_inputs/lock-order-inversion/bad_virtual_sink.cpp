// A meter pushes samples into a virtual sink with its own lock held; the one
// sink that exists asks the meter for its unit while it holds its own lock.
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
    std::lock_guard<std::mutex> lock(Mutex);
    Last = value;
    if (Target)
      Target->sample(value);
  }
  int last() {
    std::lock_guard<std::mutex> lock(Mutex); // expect: lock-order-inversion#sink
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
    std::lock_guard<std::mutex> lock(Mutex); // expect: lock-order-inversion#sink
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

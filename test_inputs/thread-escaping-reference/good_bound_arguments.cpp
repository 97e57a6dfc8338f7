// Copies of objects without pointers; a member function on a shared object; a
// thread that was started for a caller's object.
#include <functional>
#include <memory>
#include <thread>
#include <vector>

struct Adder {
  int value;
  void operator()() { ++value; }
};

class Counter {
public:
  void count() { ++value_; }

private:
  int value_ = 0;
};

void functor() {
  Adder adder{1};
  std::thread worker(adder);
  worker.detach();
}

void member() {
  auto counter = std::make_shared<Counter>();
  std::thread worker(&Counter::count, counter);
  worker.detach();
}

void vector() {
  std::vector<int> values{1, 2};
  std::thread worker([values = std::move(values)] { (void)values.size(); });
  worker.detach();
}

void forCaller(Counter &counter, std::thread &worker) {
  worker = std::thread([&counter] { counter.count(); });
}

int main() {
  Counter counter;
  std::thread worker;
  forCaller(counter, worker);
  worker.join();
}

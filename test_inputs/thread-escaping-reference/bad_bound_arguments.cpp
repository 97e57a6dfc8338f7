// A functor that holds a pointer, a member function on a local object, and a
// copy of a lambda.
#include <thread>

static void add(int *slot, int value) { *slot += value; }

struct Adder {
  int *slot;
  void operator()() const { ++*slot; }
};

class Counter {
public:
  void count() { ++value_; }

private:
  int value_ = 0;
};

void functor() {
  int slot = 0;
  Adder adder{&slot};
  std::thread worker(adder); // expect: thread-escaping-reference
  worker.detach();
}

void member() {
  Counter counter;
  std::thread worker(&Counter::count, &counter); // expect: thread-escaping-reference
  worker.detach();
}

void lambdaCopy() {
  int slot = 0;
  auto work = [&slot] { add(&slot, 1); };
  std::thread worker(work); // expect: thread-escaping-reference
  worker.detach();
}

// Members are destroyed from the last to the first: the mutex dies before the
// jthread that uses it is joined.
// gap: members die without an event when their destructors are trivial
#include <mutex>
#include <thread>

class Ticker {
public:
  Ticker()
      : Thread([this](std::stop_token stop) { // allow: thread-start-in-constructor
          while (!stop.stop_requested()) {
            std::lock_guard<std::mutex> lock(Mutex); // expect: lock-destroyed-in-use#order
            ++Ticks;
          }
        }) {}

private:
  std::jthread Thread; // expect: lock-destroyed-in-use#order
  std::mutex Mutex;    // expect: lock-destroyed-in-use#order
  int Ticks = 0;
};

int main() { Ticker ticker; } // expect: lock-destroyed-in-use#order

// The jthread is the last member, so it is joined before the mutex dies.
#include <mutex>
#include <thread>

class Ticker final {
public:
  Ticker()
      : Thread([this](std::stop_token stop) {
          while (!stop.stop_requested()) {
            std::lock_guard<std::mutex> lock(Mutex);
            ++Ticks;
          }
        }) {}

private:
  std::mutex Mutex;
  int Ticks = 0;
  std::jthread Thread;
};

int main() { Ticker ticker; }

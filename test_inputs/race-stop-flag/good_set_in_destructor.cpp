// The destructor sets an atomic flag that the object's thread polls.
#include <atomic>
#include <chrono>
#include <thread>
class Ticker {
  std::atomic<bool> running{true};
  std::thread th;

public:
  Ticker() { th = std::thread(&Ticker::loop, this); }
  ~Ticker() {
    running = false;
    th.join();
  }

private:
  void loop() {
    while (running)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
};
int main() { Ticker t; }

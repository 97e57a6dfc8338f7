// The destructor sets the flag that the object's thread polls, and waits for the thread then.
#include <atomic>
#include <chrono>
#include <thread>
class Ticker {
  bool running = true;
  std::thread th;

public:
  Ticker() { th = std::thread(&Ticker::loop, this); }
  ~Ticker() {
    running = false; // expect: race-stop-flag#1
    th.join();
  }

private:
  void loop() {
    while (running) // expect: race-stop-flag#1
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
};
int main() { Ticker t; }

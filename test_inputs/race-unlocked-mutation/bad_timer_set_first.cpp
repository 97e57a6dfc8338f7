// `start` sets the interval before it waits for the thread of the last start.
#include <atomic>
#include <thread>

class Timer {
public:
  void start(int interval) {
    Interval = interval; // expect: race-unlocked-mutation
    stop();
    Running = true;
    Thread = std::thread([this] { loop(); });
  }
  void stop() {
    Running = false;
    if (Thread.joinable())
      Thread.join();
  }
  int ticks() const { return Ticks; }

private:
  void loop() {
    while (Running)
      Ticks += Interval; // allow: race-unlocked-mutation
  }
  std::thread Thread;
  std::atomic<bool> Running{false};
  int Interval = 0;
  int Ticks = 0;
};

int main() {
  Timer timer;
  timer.start(10);
  timer.start(20);
  timer.stop();
  return timer.ticks();
}

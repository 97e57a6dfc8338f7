// `start` stops the timer first, and that joins the thread of the last start.
#include <atomic>
#include <chrono>
#include <thread>

class Timer {
public:
  ~Timer() { stop(); }
  void start(int interval) {
    stop();
    Interval = interval;
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
    while (Running) {
      std::this_thread::sleep_for(std::chrono::milliseconds(Interval));
      ++Ticks;
    }
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

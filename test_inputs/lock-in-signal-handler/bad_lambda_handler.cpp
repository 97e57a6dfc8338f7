// A captureless lambda as the handler; it logs through a class with a mutex.
#include <csignal>
#include <mutex>

class Tally {
public:
  void add() {
    std::lock_guard<std::mutex> lock(Mutex); // expect: lock-in-signal-handler#tally
    ++Count;
  }
  int count() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Count;
  }

private:
  std::mutex Mutex;
  int Count = 0;
};

static Tally tally;

int main() {
  std::signal(SIGINT, [](int) { tally.add(); }); // expect: lock-in-signal-handler#tally
  return tally.count();
}

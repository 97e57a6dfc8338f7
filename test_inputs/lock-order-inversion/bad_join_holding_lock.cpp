// close() joins the poller while it holds the lock that the poller needs for
// its next round: each waits for the other.
#include <mutex>
#include <thread>
#include <vector>

class Poller {
public:
  Poller() : Thread([this] { loop(); }) {}
  void close() {
    std::lock_guard<std::mutex> lock(Mutex);
    Closed = true;
    Thread.join(); // expect: lock-order-inversion#close // allow: lock-blocking-call
    Values.clear();
  }

private:
  void loop() {
    for (;;) {
      std::lock_guard<std::mutex> lock(Mutex); // expect: lock-order-inversion#close
      if (Closed)
        return;
      Values.push_back(static_cast<int>(Values.size()));
    }
  }
  std::mutex Mutex;
  bool Closed = false;
  std::vector<int> Values;
  std::thread Thread;
};

int main() {
  Poller poller;
  poller.close();
}

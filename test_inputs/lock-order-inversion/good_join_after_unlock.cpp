// close() tells the poller to end under the lock and joins it without.
#include <mutex>
#include <thread>
#include <vector>

class Poller {
public:
  Poller() : Thread([this] { loop(); }) {}
  void close() {
    {
      std::lock_guard<std::mutex> lock(Mutex);
      Closed = true;
    }
    Thread.join();
    std::lock_guard<std::mutex> lock(Mutex);
    Values.clear();
  }

private:
  void loop() {
    for (;;) {
      std::lock_guard<std::mutex> lock(Mutex);
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

// The new thread takes the lock itself, and the smart pointer's deleter is no lambda of the thread.
#include <memory>
#include <mutex>
#include <thread>

class Poller {
public:
  void start() {
    std::lock_guard<std::mutex> lock(Mutex);
    IsRunning = true;
    Runner = std::make_unique<std::thread>([this] { loop(); });
  }
  void stop() {
    {
      std::lock_guard<std::mutex> lock(Mutex);
      IsRunning = false;
    }
    if (Runner && Runner->joinable())
      Runner->join();
    Runner.reset();
  }
  ~Poller() { stop(); }

private:
  void loop() {
    std::unique_lock<std::mutex> lock(Mutex);
    while (IsRunning)
      ++Rounds;
  }
  std::mutex Mutex;
  bool IsRunning = false;
  int Rounds = 0;
  std::unique_ptr<std::thread> Runner;
};

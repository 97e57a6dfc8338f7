// Timed waits that are right: in a loop with a deadline, a pause between two
// rounds of work whose outcome does not matter, a test after the wait, and a
// stop flag that ends the loop.
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

class Housekeeper {
public:
  void run() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!stop_) {
      changed_.wait_for(lock, 100ms);
      ++rounds_;
    }
  }
  bool awaitReady(std::chrono::milliseconds limit) {
    auto deadline = std::chrono::steady_clock::now() + limit;
    std::unique_lock<std::mutex> lock(mutex_);
    while (!ready_)
      if (changed_.wait_until(lock, deadline) == std::cv_status::timeout)
        break;
    return ready_;
  }
  bool readyNow() {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!ready_)
      changed_.wait_for(lock, 10ms);
    return ready_;
  }
  void nap() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, 5ms);
  }
  void stop() {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = ready_ = true;
    changed_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false, ready_ = false;
  int rounds_ = 0;
};

int main() {
  Housekeeper keeper;
  std::thread thread([&] { keeper.run(); });
  keeper.nap();
  std::printf("%d %d\n", keeper.awaitReady(1ms), keeper.readyNow());
  keeper.stop();
  thread.join();
}

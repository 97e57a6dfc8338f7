// Retrying with a pause, two calls below the lock.
#include <chrono>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

class Printer {
public:
  bool print(int page) {
    std::lock_guard<std::mutex> lock(Mutex);
    ++Jobs;
    return feed(page); // expect: lock-blocking-call#pause
  }
  int jobs() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Jobs;
  }

private:
  bool feed(int page) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      if (page % 2 == 0)
        return true;
      pause(); // expect: lock-blocking-call#pause
    }
    return false;
  }
  static void pause() { std::this_thread::sleep_for(500ms); } // expect: lock-blocking-call#pause
  std::mutex Mutex;
  int Jobs = 0;
};

int main() {
  Printer printer;
  std::jthread other([&] { printer.print(1); });
  return printer.jobs() > 5;
}

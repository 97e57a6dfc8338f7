// The pause is made without the lock, and the one under it lasts 2 ms.
#include <chrono>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

class Printer {
public:
  bool print(int page) {
    for (int attempt = 0; attempt < 3; ++attempt) {
      {
        std::lock_guard<std::mutex> lock(Mutex);
        ++Jobs;
        if (page % 2 == 0)
          return true;
        std::this_thread::sleep_for(2ms);
      }
      std::this_thread::sleep_for(500ms);
    }
    return false;
  }
  int jobs() {
    std::lock_guard<std::mutex> lock(Mutex);
    return Jobs;
  }

private:
  std::mutex Mutex;
  int Jobs = 0;
};

int main() {
  Printer printer;
  std::jthread other([&] { printer.print(1); });
  return printer.jobs() > 5;
}

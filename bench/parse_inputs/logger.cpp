// Lines with a time stamp, written by a thread of its own.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <ctime>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <mutex>
#include <queue>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>

class Logger {
public:
  explicit Logger(const std::string &path) : Out(path, std::ios::app), Writer(&Logger::write, this) {}
  ~Logger() {
    {
      std::lock_guard<std::mutex> lock(Guard);
      Stop = true;
    }
    Wake.notify_one();
    Writer.join();
  }
  void log(std::string_view level, std::string_view text) {
    std::ostringstream line;
    const auto now = std::chrono::system_clock::now();
    const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    line << std::put_time(&parts, "%FT%TZ") << ' ' << std::setw(7) << std::left << level << ' ' << text;
    {
      std::lock_guard<std::mutex> lock(Guard);
      Lines.push(line.str());
    }
    Wake.notify_one();
    ++Count;
  }
  long count() const { return Count; }

private:
  void write() {
    std::unique_lock<std::mutex> lock(Guard);
    while (true) {
      Wake.wait(lock, [this] { return Stop || !Lines.empty(); });
      if (Lines.empty())
        return;
      const std::string line = std::move(Lines.front());
      Lines.pop();
      lock.unlock();
      Out << line << '\n';
      lock.lock();
    }
  }
  std::mutex Guard;
  std::condition_variable Wake;
  std::queue<std::string> Lines;
  std::ofstream Out;
  std::atomic<long> Count{0};
  bool Stop = false;
  std::thread Writer;
};

int main() {
  Logger logger("/dev/null");
  for (int number = 0; number < 10; ++number)
    logger.log("info", "line " + std::to_string(number));
  std::cout << logger.count() << " lines\n";
}

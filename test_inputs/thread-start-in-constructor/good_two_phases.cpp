// Two-phase start, a factory, and a constructor whose thread waits for nothing
// that is written later.
#include <memory>
#include <thread>

class Scanner {
public:
  static std::unique_ptr<Scanner> create() {
    auto scanner = std::make_unique<Scanner>();
    scanner->start();
    return scanner;
  }
  ~Scanner() {
    if (thread_.joinable())
      thread_.join();
  }

private:
  void start() { thread_ = std::thread([this] { scan(); }); }
  void scan() { ++lines_; }
  int lines_ = 0;
  std::thread thread_;
};

class Meter {
public:
  Meter() : scale_(2) {
    thread_ = std::thread([this] { read(); });
    started_ = true;
  }
  ~Meter() {
    if (started_)
      thread_.join();
  }

private:
  void read() { value_ = scale_ * 2; }
  int scale_;
  int value_ = 0;
  bool started_ = false;
  std::thread thread_;
};

int main() {
  auto scanner = Scanner::create();
  Meter meter;
}

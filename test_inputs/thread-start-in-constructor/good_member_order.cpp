// The thread comes last; a later member that the thread never touches; a value
// written under the lock after the start.
#include <mutex>
#include <thread>

class Writer {
public:
  Writer() : thread_(&Writer::run, this) {}
  ~Writer() { thread_.join(); }

private:
  void run() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++rounds_;
  }
  std::mutex mutex_;
  int rounds_ = 0;
  std::thread thread_;
};

class Named {
public:
  explicit Named(int number) : thread_([this] { run(); }), number_(number) {}
  ~Named() { thread_.join(); }
  int number() const { return number_; }

private:
  void run() { std::this_thread::yield(); }
  std::thread thread_;
  int number_;
};

class Configured {
public:
  Configured() {
    thread_ = std::thread([this] { run(); });
    std::lock_guard<std::mutex> lock(mutex_);
    limit_ = 3;
  }
  ~Configured() { thread_.join(); }

private:
  void run() {
    std::lock_guard<std::mutex> lock(mutex_);
    limit_ *= 2;
  }
  std::mutex mutex_;
  int limit_ = 1;
  std::thread thread_;
};

int main() {
  Writer writer;
  Named named(1);
  Configured configured;
  return named.number() - 1;
}

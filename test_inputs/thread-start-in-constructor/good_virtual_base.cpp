// Started by a function on the complete object; or the class is final, or what
// the thread calls is.
#include <atomic>
#include <thread>

class Task {
public:
  virtual ~Task() = default;
  void start() {
    thread_ = std::thread([this] { run(); });
  }
  void finish() { thread_.join(); }

protected:
  virtual void run() = 0;

private:
  std::thread thread_;
};

class Download final : public Task {
protected:
  void run() override { ++bytes_; }

private:
  std::atomic<int> bytes_{0};
};

class Upload final : public Task {
public:
  Upload() { start(); }
  ~Upload() override { finish(); }

protected:
  void run() override { ++bytes_; }

private:
  std::atomic<int> bytes_{0};
};

class Shape {
public:
  virtual ~Shape() = default;
  virtual int area() const { return 0; }
};

class Square : public Shape {
public:
  Square() : thread_([this] { step(); }) {}
  ~Square() override { thread_.join(); }
  int area() const override { return 4; }

private:
  void step() { ++steps_; }
  std::atomic<int> steps_{0};
  std::thread thread_;
};

int main() {
  Download download;
  download.start();
  download.finish();
  Upload upload;
  Square square;
  return square.area() - 4;
}

// The same threads with copies, moves, shared ownership, statics, and objects
// on the heap.
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>

static void append(std::string text) { text += "!"; }
static void fill(int *slot) { *slot = 1; }

void capture() {
  int count = 0;
  std::thread([count]() mutable { ++count; }).detach();
}

void value() {
  std::string text = "a";
  std::thread worker(append, text);
  worker.detach();
}

void pointer() {
  static std::atomic<int> runs;
  int *slot = new int(0);
  std::thread worker(fill, slot);
  worker.detach();
  std::thread([] { ++runs; }).detach();
}

static void background(std::function<void()> work) { std::thread(std::move(work)).detach(); }

void wrapper() {
  auto text = std::make_shared<std::string>("b");
  background([text] { append(*text); });
}

class Job : public std::enable_shared_from_this<Job> {
public:
  void runLater() {
    std::thread([self = shared_from_this()] { ++self->runs_; }).detach();
  }

private:
  std::atomic<int> runs_{0};
};

void object() {
  auto job = std::make_shared<Job>();
  job->runLater();
}

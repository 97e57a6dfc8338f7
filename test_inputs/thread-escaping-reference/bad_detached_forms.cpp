// Detached threads that get the address of something local: by capture, by
// std::ref, by pointer, through a wrapper of the program, and `this` of a local
// object.
#include <functional>
#include <string>
#include <thread>

static void append(std::string &text) { text += "!"; }
static void fill(int *slot) { *slot = 1; }

void capture() {
  int count = 0;
  std::thread([&count] { ++count; }).detach(); // expect: thread-escaping-reference
}

void reference() {
  std::string text = "a";
  std::thread worker(append, std::ref(text)); // expect: thread-escaping-reference
  worker.detach();
}

void pointer() {
  int slot = 0;
  std::thread worker(fill, &slot); // expect: thread-escaping-reference
  worker.detach();
}

static void background(std::function<void()> work) {
  std::thread(std::move(work)).detach(); // expect: thread-escaping-reference#wrapper
}

void wrapper() {
  std::string text = "b";
  background([&] { append(text); }); // expect: thread-escaping-reference#wrapper
} // expect: thread-escaping-reference#wrapper

class Job {
public:
  void runLater() {
    std::thread([this] { ++runs_; }).detach(); // expect: thread-escaping-reference#job
  }

private:
  int runs_ = 0;
};

void object() {
  Job job;
  job.runLater(); // expect: thread-escaping-reference#job
} // expect: thread-escaping-reference#job

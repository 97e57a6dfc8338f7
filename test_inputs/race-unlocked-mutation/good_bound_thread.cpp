// What a thread gets is bound to a copy of a shared pointer, which ends here and calls
// nothing.
#include <functional>
#include <memory>
#include <thread>

struct Job {
  int steps = 0;
};

class Runner {
public:
  void start() {
    auto job = std::make_shared<Job>();
    auto bound = std::bind(&Runner::work, this, job);
    Thread = std::thread(bound);
  }
  ~Runner() { Thread.join(); }

private:
  void work(std::shared_ptr<Job> job) {
    for (; job->steps < 10; ++job->steps)
      ++Done;
  }
  int Done = 0;
  std::thread Thread;
};

int main() {
  Runner runner;
  runner.start();
}

// What the thread was given with its arguments bound is called here, too, beside it.
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
    work(job);
  }
  ~Runner() { Thread.join(); }

private:
  void work(std::shared_ptr<Job> job) {
    for (int i = 0; i < 10; ++i)
      ++Done; // expect: race-unlocked-mutation
  }
  int Done = 0;
  std::thread Thread;
};

int main() {
  Runner runner;
  runner.start();
}

// `main` reads what the thread changed when the thread has ended, and each round
// has an object of its own.
#include <thread>

class Job {
public:
  void run() {
    sum_ = 1;
    thread_ = std::thread([this] {
      for (int i = 0; i < 10; ++i)
        sum_ += i;
    });
  }
  void wait() { thread_.join(); }
  long sum() const { return sum_; }

private:
  long sum_ = 0;
  std::thread thread_;
};

int main() {
  long total = 0;
  for (int i = 0; i < 3; ++i) {
    Job job;
    job.run();
    job.wait();
    total += job.sum();
  }
  return total > 3;
}

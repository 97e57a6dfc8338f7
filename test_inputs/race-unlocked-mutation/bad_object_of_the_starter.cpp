// A variable's own thread changes it while `main` reads it through a method.
#include <thread>

class Job {
public:
  ~Job() { thread_.join(); }
  void run() {
    thread_ = std::thread([this] {
      for (int i = 0; i < 10; ++i)
        sum_ += i; // expect: race-unlocked-mutation
    });
  }
  long sum() const { return sum_; }

private:
  long sum_ = 0;
  std::thread thread_;
};

int main() {
  Job job;
  job.run();
  return job.sum() > 3;
}

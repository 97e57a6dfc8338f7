// A lock guards what all tasks share.
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

class Task {
public:
  virtual ~Task() = default;
  virtual void run() = 0;
};

class Count : public Task {
public:
  void run() override {
    std::lock_guard<std::mutex> guard(mutex);
    total += 1;
  }
  static std::mutex mutex;
  static long total;
};
std::mutex Count::mutex;
long Count::total = 0;

class Worker {
public:
  explicit Worker(std::unique_ptr<Task> task) : task_(std::move(task)) {}
  void start() { thread_ = std::thread(&Task::run, task_.get()); }
  void join() { thread_.join(); }

private:
  std::unique_ptr<Task> task_;
  std::thread thread_;
};

int main() {
  std::vector<Worker> workers;
  for (int i = 0; i < 3; ++i)
    workers.emplace_back(std::make_unique<Count>());
  for (auto &worker : workers)
    worker.start();
  for (auto &worker : workers)
    worker.join();
}

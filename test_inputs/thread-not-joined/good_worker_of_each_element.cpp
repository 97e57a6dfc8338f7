// Each element of a container starts its own thread, once.
#include <memory>
#include <thread>
#include <vector>

class Task {
public:
  virtual ~Task() = default;
  virtual void run() = 0;
};

class Idle : public Task {
public:
  void run() override {}
};

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
    workers.emplace_back(std::make_unique<Idle>());
  for (auto &worker : workers)
    worker.start();
  for (auto &worker : workers)
    worker.join();
}

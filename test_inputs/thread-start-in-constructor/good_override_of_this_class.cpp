// The class whose constructor starts the threads is the one that implements the interface.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

class Scheduler {
public:
  virtual ~Scheduler() = default;
  virtual void ready(int job) = 0;

protected:
  void execute(int job) {
    if (job > 0)
      ready(job - 1);
  }
};

class Pool : public Scheduler {
public:
  Pool() { Workers.emplace_back([this] { run(); }); }
  ~Pool() override {
    {
      std::lock_guard<std::mutex> lock(Mutex);
      IsRunning = false;
    }
    Changed.notify_all();
    for (std::thread &worker : Workers)
      worker.join();
  }
  void ready(int job) override {
    std::lock_guard<std::mutex> lock(Mutex);
    Jobs.push_back(job);
    Changed.notify_one();
  }

private:
  void run() {
    for (;;) {
      int job = 0;
      {
        std::unique_lock<std::mutex> lock(Mutex);
        Changed.wait(lock, [this] { return !Jobs.empty() || !IsRunning; });
        if (Jobs.empty())
          return;
        job = Jobs.front();
        Jobs.pop_front();
      }
      execute(job);
    }
  }
  std::mutex Mutex;
  std::condition_variable Changed;
  bool IsRunning = true;
  std::deque<int> Jobs;
  std::vector<std::thread> Workers;
};

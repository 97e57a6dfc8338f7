// A worker that tests its queue with `if`: a spurious wake-up pops from an
// empty queue. The loop around it is about something else.
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>

class Worker {
public:
  ~Worker() {
    running_ = false;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      jobs_.push([] {});
    }
    filled_.notify_one();
    thread_.join();
  }
  void post(std::function<void()> job) {
    std::lock_guard<std::mutex> lock(mutex_);
    jobs_.push(std::move(job));
    filled_.notify_one();
  }

private:
  void run() {
    while (running_) {
      std::function<void()> job;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        if (jobs_.empty())
          filled_.wait(lock); // expect: condvar-no-predicate
        job = std::move(jobs_.front());
        jobs_.pop();
      }
      job();
    }
  }
  std::mutex mutex_;
  std::condition_variable filled_;
  std::queue<std::function<void()>> jobs_;
  std::atomic<bool> running_{true};
  std::thread thread_{[this] { run(); }};
};

int main() {
  Worker worker;
  worker.post([] {});
}

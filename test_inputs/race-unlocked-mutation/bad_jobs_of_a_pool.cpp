// Jobs that a pool's workers run change one variable; and threads that a helper
// starts with what it is given.
#include <condition_variable>
#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

class Pool {
public:
  explicit Pool(int size) {
    for (int i = 0; i < size; ++i)
      workers_.emplace_back([this] { loop(); });
  }
  ~Pool() {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      stop_ = true;
    }
    wake_.notify_all();
    for (auto &worker : workers_)
      worker.join();
  }
  void submit(std::function<void()> job) {
    {
      std::lock_guard<std::mutex> guard(mutex_);
      jobs_.push(std::move(job));
    }
    wake_.notify_one();
  }

private:
  void loop() {
    for (;;) {
      std::function<void()> job;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
        if (jobs_.empty())
          return;
        job = std::move(jobs_.front());
        jobs_.pop();
      }
      job();
    }
  }
  std::vector<std::thread> workers_;
  std::queue<std::function<void()>> jobs_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stop_ = false;
};

int ticks;
std::vector<std::thread> helpers;

void inBackground(std::function<void()> work) { helpers.emplace_back(work); }

int main() {
  int done = 0;
  {
    Pool pool(4);
    for (int i = 0; i < 10; ++i)
      pool.submit([&done] { ++done; }); // expect: race-unlocked-mutation
  }
  inBackground([] { ++ticks; }); // expect: race-unlocked-mutation
  inBackground([] { ticks = 0; });
  for (auto &helper : helpers)
    helper.join();
  return done;
}

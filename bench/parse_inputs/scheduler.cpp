// Jobs at a time: one thread sleeps until the next is due.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

class Scheduler {
  using Clock = std::chrono::steady_clock;
  struct Job {
    Clock::time_point due;
    std::string name;
    std::function<void()> run;
    bool operator<(const Job &other) const { return due > other.due; }
  };

public:
  Scheduler() : Thread([this] { loop(); }) {}
  ~Scheduler() {
    {
      std::lock_guard<std::mutex> lock(Guard);
      Stop = true;
    }
    Changed.notify_all();
    Thread.join();
  }
  template <typename Rep, typename Period>
  void after(std::chrono::duration<Rep, Period> delay, std::string name, std::function<void()> run) {
    if (!run)
      throw std::invalid_argument("a job needs a function: " + name);
    {
      std::lock_guard<std::mutex> lock(Guard);
      Jobs.push(Job{Clock::now() + delay, std::move(name), std::move(run)});
    }
    Changed.notify_one();
  }
  std::map<std::string, int> runs() const {
    std::lock_guard<std::mutex> lock(Guard);
    return Runs;
  }

private:
  void loop() {
    std::unique_lock<std::mutex> lock(Guard);
    while (!Stop) {
      if (Jobs.empty()) {
        Changed.wait(lock);
        continue;
      }
      if (Changed.wait_until(lock, Jobs.top().due) != std::cv_status::timeout && Clock::now() < Jobs.top().due)
        continue;
      Job job = Jobs.top();
      Jobs.pop();
      ++Runs[job.name];
      lock.unlock();
      job.run();
      lock.lock();
    }
  }
  mutable std::mutex Guard;
  std::condition_variable Changed;
  std::priority_queue<Job> Jobs;
  std::map<std::string, int> Runs;
  bool Stop = false;
  std::thread Thread;
};

int main() {
  std::atomic<int> done{0};
  Scheduler scheduler;
  for (int number = 0; number < 3; ++number)
    scheduler.after(std::chrono::milliseconds(number), "tick", [&done] { ++done; });
  while (done < 3)
    std::this_thread::yield();
  std::cout << scheduler.runs()["tick"] << '\n';
}

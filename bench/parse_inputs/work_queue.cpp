// A queue of jobs with a fixed number of workers.
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

class WorkQueue {
public:
  explicit WorkQueue(unsigned workers) {
    for (unsigned index = 0; index < workers; ++index)
      Workers.emplace_back([this] { work(); });
  }
  ~WorkQueue() {
    {
      std::lock_guard<std::mutex> lock(Guard);
      Stopping = true;
    }
    Ready.notify_all();
    for (std::thread &worker : Workers)
      worker.join();
  }
  template <typename Function> auto submit(Function function) -> std::future<decltype(function())> {
    auto task = std::make_shared<std::packaged_task<decltype(function())()>>(std::move(function));
    auto result = task->get_future();
    {
      std::lock_guard<std::mutex> lock(Guard);
      Jobs.emplace_back([task] { (*task)(); });
    }
    Ready.notify_one();
    return result;
  }

private:
  std::optional<std::function<void()>> next() {
    std::unique_lock<std::mutex> lock(Guard);
    Ready.wait(lock, [this] { return Stopping || !Jobs.empty(); });
    if (Jobs.empty())
      return std::nullopt;
    auto job = std::move(Jobs.front());
    Jobs.pop_front();
    return job;
  }
  void work() {
    while (auto job = next())
      (*job)();
  }

  std::mutex Guard;
  std::condition_variable Ready;
  std::deque<std::function<void()>> Jobs;
  std::vector<std::thread> Workers;
  bool Stopping = false;
};

int main() {
  WorkQueue queue(4);
  std::vector<std::future<int>> results;
  for (int number = 0; number < 100; ++number)
    results.push_back(queue.submit([number] { return number * number; }));
  long sum = 0;
  for (auto &result : results)
    sum += result.get();
  return sum == 328350 ? 0 : 1;
}

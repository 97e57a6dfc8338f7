#include "queue.h"
#include <utility>

void Queue::push(Job job) {
  {
    std::lock_guard<std::mutex> lock(Mutex);
    Jobs.push_back(std::move(job));
  }
  Changed.notify_one();
}

std::optional<Job> Queue::pop() {
  std::unique_lock<std::mutex> lock(Mutex);
  if (Jobs.empty() && !Closed)
    Changed.wait(lock);
  if (Jobs.empty())
    return std::nullopt;
  Job job = std::move(Jobs.front());
  Jobs.pop_front();
  return job;
}

void Queue::close() {
  {
    std::lock_guard<std::mutex> lock(Mutex);
    Closed = true;
  }
  Changed.notify_all();
}

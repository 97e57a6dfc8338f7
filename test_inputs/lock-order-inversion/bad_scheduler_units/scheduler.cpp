#include "scheduler.h"

void Scheduler::submit(std::string job) {
  std::lock_guard<std::mutex> lock(Mutex);
  Jobs.push_back(std::move(job));
  Watch.jobAdded(Jobs.back());
}

std::size_t Scheduler::backlog() const {
  std::lock_guard<std::mutex> lock(Mutex); // expect: lock-order-inversion#backlog
  return Jobs.size();
}

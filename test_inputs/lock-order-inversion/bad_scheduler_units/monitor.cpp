#include "scheduler.h"

void Monitor::watch(Scheduler &scheduler) {
  std::lock_guard<std::mutex> lock(Mutex);
  Watched = &scheduler;
}

void Monitor::jobAdded(const std::string &job) {
  std::lock_guard<std::mutex> lock(Mutex); // expect: lock-order-inversion#backlog
  Last = job;
}

void Monitor::tick() {
  std::lock_guard<std::mutex> lock(Mutex);
  if (Watched && Watched->backlog() > Peak)
    ++Peak;
}

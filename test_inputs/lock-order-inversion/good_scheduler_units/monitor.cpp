#include "scheduler.h"

void Monitor::watch(Scheduler &scheduler) {
  std::lock_guard<std::mutex> lock(Mutex);
  Watched = &scheduler;
}

void Monitor::jobAdded(const std::string &job) {
  std::lock_guard<std::mutex> lock(Mutex);
  Last = job;
}

void Monitor::tick() {
  Scheduler *watched;
  {
    std::lock_guard<std::mutex> lock(Mutex);
    watched = Watched;
  }
  std::size_t backlog = watched ? watched->backlog() : 0;
  std::lock_guard<std::mutex> lock(Mutex);
  if (backlog > Peak)
    Peak = backlog;
}

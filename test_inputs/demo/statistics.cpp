#include "statistics.h"
#include "scheduler.h"

void Statistics::record(int job, double seconds) {
  std::lock_guard<std::mutex> lock(Mutex);
  ++Jobs;
  Seconds += seconds;
  if (seconds > SlowestSeconds) {
    SlowestSeconds = seconds;
    Slowest = job;
  }
}

std::string Statistics::report(const Scheduler &scheduler) const {
  std::lock_guard<std::mutex> lock(Mutex);
  return std::to_string(Jobs) + " done in " + std::to_string(Seconds) + " s, slowest " + std::to_string(Slowest) +
         ", " + std::to_string(scheduler.unfinished()) + " to go";
}
